/**
 * Every route says who may call it. A guard that is forgotten on one route of many is how private data gets out, so
 * the absence of a declaration is an error, not a default. A declaration on the class does not count: it would cover
 * routes that somebody adds later without a thought.
 */
const DEFAULT_CALLER_DECORATORS = ['Public', 'ReadSession', 'SignedCommand', 'Monitor', 'Roles'];
const ROUTE_DECORATORS = new Set(['Get', 'Post', 'Put', 'Patch', 'Delete', 'Head', 'Options', 'All', 'Search', 'Sse']);

export const routeDeclaresCaller = {
  meta: {
    type: 'problem',
    docs: { description: 'require each controller route to declare who may call it' },
    messages: {
      undeclared: 'The route "{{name}}" must declare who may call it, by one of: {{allowed}}.',
    },
    schema: [
      {
        type: 'object',
        properties: { decorators: { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ decorators: DEFAULT_CALLER_DECORATORS }],
  },
  create(context) {
    const { decorators } = context.options[0];
    const callers = new Set(decorators);
    const allowed = decorators.map((name) => `@${name}()`).join(', ');

    function checkController(node) {
      if (!decoratorNames(node).includes('Controller')) return;
      for (const member of node.body.body) {
        const names = decoratorNames(member);
        if (!names.some((name) => ROUTE_DECORATORS.has(name)) || names.some((name) => callers.has(name))) continue;
        context.report({
          node: member.key ?? member,
          messageId: 'undeclared',
          data: { name: context.sourceCode.getText(member.key), allowed },
        });
      }
    }
    return { ClassDeclaration: checkController, ClassExpression: checkController };
  },
};

/** `@Get('x')`, `@Get` and `@common.Get('x')` are all "Get". */
function decoratorNames(node) {
  return (node.decorators ?? []).map(({ expression }) => {
    const callee = expression.type === 'CallExpression' ? expression.callee : expression;
    return callee.type === 'MemberExpression' ? callee.property.name : callee.name;
  });
}
