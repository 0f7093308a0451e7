/**
 * Money is a whole number of minor units (`…Minor`). A division, a fraction or a rounding function on it loses or
 * makes money without a trace; the domain's own functions split amounts so that the parts add up again.
 */
const ROUNDING_METHODS = new Set(['round', 'floor', 'ceil', 'trunc', 'fround']);
const DIVISION_OPERATORS = new Set(['/', '/=', '%', '%=', '**', '**=']);
const PRODUCT_OPERATORS = new Set(['*', '*=']);

export const noFloatMoney = {
  meta: {
    type: 'problem',
    docs: { description: 'forbid floating point arithmetic on amounts of money' },
    messages: {
      operator: "'{{operator}}' on '{{name}}': use the domain's money functions, which keep whole minor units.",
      call: "{{called}} on '{{name}}': use the domain's money functions, which keep whole minor units.",
    },
    schema: [],
  },
  create(context) {
    function checkOperator(node) {
      const isProduct = PRODUCT_OPERATORS.has(node.operator);
      if (!isProduct && !DIVISION_OPERATORS.has(node.operator)) return;
      const money = moneyIn(node.left) ?? moneyIn(node.right);
      if (money === undefined) return;
      if (isProduct && isWholeFactor(node.left) && isWholeFactor(node.right)) return;
      context.report({ node, messageId: 'operator', data: { operator: node.operator, name: money } });
    }

    function checkCall(node) {
      const called = floatFunction(node.callee);
      if (called === undefined) return;
      const money = node.arguments.map(moneyIn).find(Boolean) ?? receiverOfToFixed(node.callee);
      if (money !== undefined) context.report({ node, messageId: 'call', data: { called, name: money } });
    }
    return { BinaryExpression: checkOperator, AssignmentExpression: checkOperator, CallExpression: checkCall };
  },
};

/** The name of the money in an expression, looking through parentheses, signs, casts and arithmetic. */
function moneyIn(node) {
  switch (node.type) {
    case 'Identifier':
      return node.name.endsWith('Minor') ? node.name : undefined;
    case 'MemberExpression':
      return node.computed ? undefined : moneyIn(node.property);
    case 'CallExpression':
      return node.callee.type === 'Identifier' && node.callee.name === 'Number' && node.arguments.length === 1
        ? moneyIn(node.arguments[0])
        : undefined;
    case 'BinaryExpression':
      return ['+', '-', '*', '/', '%', '**'].includes(node.operator)
        ? (moneyIn(node.left) ?? moneyIn(node.right))
        : undefined;
    case 'UnaryExpression':
      return node.operator === '-' || node.operator === '+' ? moneyIn(node.argument) : undefined;
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'ChainExpression':
      return moneyIn(node.expression);
    default:
      return undefined;
  }
}

/** Anything but a literal that is no whole number: what a variable holds is the type checker's and parser's business. */
function isWholeFactor(node) {
  const operand = node.type === 'UnaryExpression' ? node.argument : node;
  return operand.type !== 'Literal' || typeof operand.value === 'bigint' || Number.isInteger(operand.value);
}

function floatFunction(callee) {
  if (callee.type === 'Identifier') return callee.name === 'parseFloat' ? 'parseFloat' : undefined;
  if (callee.type !== 'MemberExpression' || callee.computed) return undefined;
  const { name } = callee.property;
  const owner = callee.object.type === 'Identifier' ? callee.object.name : undefined;
  if (owner === 'Math' && ROUNDING_METHODS.has(name)) return `Math.${name}`;
  if (owner === 'Number' && name === 'parseFloat') return 'Number.parseFloat';
  return name === 'toFixed' || name === 'toPrecision' ? name : undefined;
}

function receiverOfToFixed(callee) {
  return callee.type === 'MemberExpression' && ['toFixed', 'toPrecision'].includes(callee.property.name)
    ? moneyIn(callee.object)
    : undefined;
}
