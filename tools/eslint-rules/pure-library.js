/**
 * The pure libraries run unchanged in a browser, and a replay of the log must give the same result for ever. So the
 * time, randomness and the machine reach them only as arguments.
 */
const FORBIDDEN_MEMBERS = new Map([
  ['Date', new Set(['now'])],
  ['Math', new Set(['random'])],
  ['performance', new Set(['now', 'timeOrigin'])],
  ['crypto', new Set(['randomUUID', 'getRandomValues'])],
]);
const FORBIDDEN_GLOBALS = new Set(['process', 'Buffer', 'require', '__dirname', '__filename']);

export const pureLibrary = {
  meta: {
    type: 'problem',
    docs: { description: 'forbid the clock, randomness and Node.js in libraries that also run in a browser' },
    messages: {
      impure: "'{{what}}' makes this library depend on the machine or the moment: pass it in as an argument.",
      node: "'{{what}}' exists in Node.js only: declare what you need as an argument and pass it in at the edge.",
    },
    schema: [],
  },
  create(context) {
    const { sourceCode } = context;
    const impure = (node, what) => context.report({ node, messageId: 'impure', data: { what } });

    /** A parameter or a local variable of the same name is what we ask for, so only globals count. */
    function isGlobal(identifier) {
      for (let scope = sourceCode.getScope(identifier); scope !== null; scope = scope.upper) {
        const variable = scope.set.get(identifier.name);
        if (variable !== undefined) return variable.defs.length === 0;
      }
      return true;
    }

    function isGlobalNamed(node, name) {
      if (node.type === 'Identifier') return node.name === name && isGlobal(node);
      return (
        node.type === 'MemberExpression' &&
        node.object.type === 'Identifier' &&
        node.object.name === 'globalThis' &&
        memberName(node) === name
      );
    }

    function checkDate(node) {
      const isClock = node.arguments.length === 0 || node.type === 'CallExpression';
      if (isClock && isGlobalNamed(node.callee, 'Date'))
        impure(node, node.type === 'NewExpression' ? 'new Date()' : 'Date()');
    }

    function checkSource(node) {
      const source = node.source?.value;
      if (typeof source === 'string' && source.startsWith('node:')) {
        context.report({ node: node.source, messageId: 'node', data: { what: source } });
      }
    }

    return {
      NewExpression: checkDate,
      CallExpression: checkDate,
      MemberExpression(node) {
        for (const [owner, members] of FORBIDDEN_MEMBERS) {
          if (members.has(memberName(node)) && isGlobalNamed(node.object, owner)) {
            impure(node, `${owner}.${memberName(node)}`);
          }
        }
        for (const name of FORBIDDEN_GLOBALS) {
          if (isGlobalNamed(node, name)) context.report({ node, messageId: 'node', data: { what: name } });
        }
      },
      Identifier(node) {
        if (!FORBIDDEN_GLOBALS.has(node.name) || !isReference(node) || !isGlobal(node)) return;
        context.report({ node, messageId: 'node', data: { what: node.name } });
      },
      ImportDeclaration: checkSource,
      ImportExpression: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
    };
  },
};

function memberName(node) {
  if (node.computed) return node.property.type === 'Literal' ? node.property.value : undefined;
  return node.property.name;
}

/** Not a property's own name, as in `step.process` or `{ process: true }`, nor a name in a type. */
function isReference(node) {
  const { parent } = node;
  switch (parent.type) {
    case 'MemberExpression':
      return parent.object === node || parent.computed;
    case 'Property':
      return parent.value === node && parent.parent.type === 'ObjectExpression';
    case 'PropertyDefinition':
    case 'MethodDefinition':
      return parent.key !== node || parent.computed;
    default:
      return !parent.type.startsWith('TS') || ['TSAsExpression', 'TSNonNullExpression'].includes(parent.type);
  }
}
