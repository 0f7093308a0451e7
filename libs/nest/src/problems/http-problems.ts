/** What can go wrong with a request besides the ledger's own refusals: status and sentences, by literal code. */
export const httpProblems = {
  malformed: {
    status: 400,
    zh: '请求内容格式不对，请按接口说明重新生成。',
    en: 'The body is not what this route takes. Build it again as the API reference says.',
  },
  query_invalid: {
    status: 400,
    zh: '请求参数不对，请核对参数名和取值范围。',
    en: 'A parameter is missing, unknown or out of range.',
  },
  session_required: {
    status: 401,
    zh: '请先用已登记的密钥登录；会话可能已过期，或密钥已被吊销。',
    en: 'Open a session with an enrolled key first; yours may have expired, or its key may have been revoked.',
  },
  monitor_token_required: {
    status: 401,
    zh: '此内容仅供运维监控查看，请出示监控令牌。',
    en: 'This is for the operator’s monitor alone: show the token of AIDTRAIL_MONITOR_TOKEN_FILE.',
  },
  challenge_invalid: {
    status: 401,
    zh: '登录签名无效：质询已用过、已过期，或签名不符。',
    en: 'The challenge was used before, has expired, or its signature does not verify.',
  },
  reader_role_not_allowed: {
    status: 403,
    zh: '您的角色不能查看此内容。',
    en: 'Your role may not do this.',
  },
  reader_out_of_scope: {
    status: 403,
    zh: '此内容属于其他机构，您不能查看。',
    en: 'This belongs to another organisation.',
  },
  route_undeclared: {
    status: 403,
    zh: '该接口没有声明允许谁调用，已停用。',
    en: 'This route does not declare who may call it, so nobody may.',
  },
  not_found: { status: 404, zh: '没有找到。', en: 'There is nothing here.' },
  method_not_allowed: { status: 405, zh: '该地址不支持这种请求方式。', en: 'This address does not take that method.' },
  gone: { status: 410, zh: '资料已按要求删除。', en: 'The data were erased on request.' },
  conflict: { status: 409, zh: '与已有内容冲突。', en: 'This contradicts what is there already.' },
  day_not_begun: {
    status: 409,
    zh: '这一天在账本所在时区还没有开始，请到当日再提交；指令没有记录。',
    en: 'This day has not begun where the ledger is. Send the same command on that day; nothing was recorded.',
  },
  body_too_slow: {
    status: 408,
    zh: '请求内容传输太慢，请重新提交。',
    en: 'The body took too long to arrive. Send it again.',
  },
  not_staged: {
    status: 409,
    zh: '登记库中没有与此指令相符的捐赠记录或名册，请先提交，再重发同一指令；指令没有记录。',
    en: 'No staged rows agree with this command. Stage them, then send the same command again; nothing was recorded.',
  },
  body_too_large: { status: 413, zh: '请求内容太大。', en: 'The body is larger than this route takes. Split it.' },
  content_type_unsupported: {
    status: 415,
    zh: '不支持这种内容类型。',
    en: 'This route does not take that content type.',
  },
  uri_too_long: { status: 414, zh: '地址太长。', en: 'The address is too long.' },
  not_clean: {
    status: 422,
    zh: '内容有问题，请按列出的行修改后重新导入。',
    en: 'There are problems in what was sent. Mend the listed lines and send it again.',
  },
  too_many_lines: { status: 413, zh: '行数太多，请分批提交。', en: 'There are too many lines. Send them in parts.' },
  too_many_requests: { status: 429, zh: '请求太频繁，请稍后再试。', en: 'Too many requests. Wait a little.' },
  internal_fault: {
    status: 500,
    zh: '服务器内部故障。可用同一编号重新提交，不会重复入账。',
    en: 'The server failed. A command may be sent again with the same id; it is recorded once.',
  },
  store_unavailable: {
    status: 503,
    zh: '账本暂时不可用，请稍后用同一编号重新提交。',
    en: 'The ledger cannot be reached at the moment. Send the same bytes again in a moment.',
  },
  stream_contended: {
    status: 503,
    zh: '同一对象上的操作太多，本指令没有记录，请稍后用同一编号重新提交。',
    en: 'Too many commands met on one thing; nothing was recorded. Send the same bytes, with the same id, again in a moment.',
  },
  too_many_listeners: {
    status: 503,
    zh: '同时收听的人太多，请稍后再试，或定时查询。',
    en: 'Too many listen at the moment. Try again later, or ask now and then.',
  },
  not_ready: { status: 503, zh: '服务尚未就绪。', en: 'The service is not ready yet.' },
} as const satisfies Record<string, { readonly status: number; readonly zh: string; readonly en: string }>;

export type HttpProblemCode = keyof typeof httpProblems;
