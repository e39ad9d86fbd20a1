'use strict';
import { read } from './io';

const LIMIT = 3, step = 1;

// Adds two numbers.
const add = (a, b) => {
  const inner = () => a;
  return inner() + b;
};

exports.subtract = function (a, b) {
  return a - b;
};

module.exports = {
  plain: 1,
  multiply(a, b) { return a * b; },
  divide: function (a, b) { return a / b; },
  negate: (a) => -a,
};

/** A queue. */
export default class Queue extends Base {
  static size = 0;
  #items = [];
  onPush = () => { this.size++; };
  constructor() { super(); }
  get first() { return this.#items[0]; }
  *drain() { yield 1; }
}

export async function fetchAll(urls) {
  let count = 0;
  return Promise.all(urls);
}

function* ids() { yield 1; }

Queue.prototype.peek = function () { return null; };
window.App = class {};
const { join } = require('path');
export const selectUser = createSelector(a, b);

(function () {
  var hidden = 1;
  function visible() {}
})();
