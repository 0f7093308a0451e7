import { inBoth } from '../language/words.js';

export const homeWords = inBoth(
  {
    title: '您的捐赠，每一分去了哪里',
    lead: '从入账、拨付、发券，到受助家庭在门店核销、商户收到结算款：全程可追溯，并由您自己的设备核对，不必相信我们。',
    code: '查询码',
    codeHelp: '印在捐赠凭证上的 26 位字母和数字，大小写、空格和横线都不影响。扫凭证上的二维码可直接打开。',
    follow: '查看去向',
    empty: '请输入捐赠凭证上的查询码。',
    secret:
      '查询码相当于钥匙：知道它的人能看到这一笔捐赠，请不要公开。它只留在地址的 # 之后，不会写进服务器的访问记录。',
    how: '怎么做到的',
    points: {
      address: {
        title: '每一分钱都有坐标',
        text: '捐赠按先后排在资金线上，每一分占一个永不重用的位置。去向不是估算，而是把位置逐段连起来。',
      },
      log: {
        title: '只增不改的公开日志',
        text: '每一步都是签名事件，进入任何人都能下载的日志。改动或删除一条，所有人都会发现。',
      },
      witness: {
        title: '外部机构见证',
        text: '独立见证方为日志的检查点联署。够数以后，谁也不能给您看一套、给别人看另一套；现在够不够，验证时会说明。',
      },
      privacy: { title: '看得见钱，看不见人', text: '受助家庭的资料不进日志。少于规定户数的明细会合并显示，并注明。' },
    },
    programme: '看整个项目',
    check: '验证日志或凭证',
  },
  {
    title: 'Where every fen of your gift went',
    lead: 'Received, passed on, issued as vouchers, redeemed by households in shops, paid to the merchants: followed all the way, and checked on your own device, so that you need not believe us.',
    code: 'Trace code',
    codeHelp:
      'The 26 letters and digits on your donation receipt. Case, spaces and hyphens do not matter. The QR code on the receipt opens the page by itself.',
    follow: 'Follow it',
    empty: 'Please enter the trace code from your receipt.',
    secret:
      'The code is a key: whoever knows it sees this one gift. It stays behind the # of the address and reaches no server’s access log.',
    how: 'How this works',
    points: {
      address: {
        title: 'Each fen has an address',
        text: 'Gifts lie one after another on a line, and each fen has a place that is never used again. Its way is not estimated: the places are joined, piece by piece.',
      },
      log: {
        title: 'A log that only grows',
        text: 'Each step is a signed event in a log that anybody may copy. Whoever changed or removed one entry would be found out by all.',
      },
      witness: {
        title: 'Witnessed from outside',
        text: 'Other organisations cosign checkpoints of the log. Once enough of them have, nobody can show you one history and somebody else another; whether they have, you are told when you verify.',
      },
      privacy: {
        title: 'The money in sight, the people not',
        text: 'Nothing about a household is in the log. Details that too few households stand behind are shown together, and the page says so.',
      },
    },
    programme: 'See the whole programme',
    check: 'Verify the log or a receipt',
  },
);
