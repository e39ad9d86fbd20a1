import Chunking
import Primitives

extension LanguageRules {
  /// All Lisps: a list whose first word begins with `def` or is a known one defines its second.
  static let lisp = LanguageRules(
    definitions: [
      "list_lit", "list", "function_definition", "macro_definition", "special_form", "defun",
    ].map { Definition($0, .other, name: .code(lispDefinition), inside: .code, isFoundInFunctions: false) })

  private static func lispDefinition(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    var position = node.start
    let end = min(node.end, node.start + 400)
    guard position < end, source[position] == .leftParenthesis else { return [] }
    position += 1
    guard let word = nextWord(&position, end, source), let kind = lispKind(source.name(word)) else { return [] }
    // `(define (sell book) …)`: a function, named inside the parentheses.
    var isFunction = false
    while position < end, source[position] <= .space { position += 1 }
    // Clojure's metadata: `^:private`, `^{…}`.
    while position < end, source[position] == .caret {
      position += 1
      guard nextWord(&position, end, source) != nil else { return [] }
      while position < end, source[position] <= .space { position += 1 }
    }
    if position < end, source[position] == .leftParenthesis {
      isFunction = true
      position += 1
    }
    guard let name = nextWord(&position, end, source) else { return [] }
    var row = node.startRow
    for index in node.start..<name.lowerBound where source[index] == .newline { row += 1 }
    let actual: Symbol.Kind = isFunction && kind == .variable ? .function : kind
    let isBody = actual == .type || actual == .interface || actual == .module
    return [FoundName(source.name(name), row: row, kind: actual, inside: isBody ? .members : .code)]
  }

  private static func lispKind(_ word: String) -> Symbol.Kind? {
    switch word {
    case "defun", "defn", "defn-", "defmethod", "defmulti", "defgeneric", "defsubst", "cl-defun", "cl-defmethod",
      "cl-defgeneric", "define-public", "deftest", "define/contract", "define-minor-mode", "define-derived-mode", "fn":
      .function
    case "defmacro", "define-syntax", "define-syntax-rule", "define-macro", "cl-defmacro", "define-setf-expander":
      .macro
    case "defclass", "defstruct", "deftype", "defrecord", "struct", "define-record-type", "cl-defstruct",
      "define-struct", "define-condition":
      .type
    case "defprotocol", "definterface": .interface
    case "ns", "defpackage", "define-library", "module", "define-module": .module
    case "defconst", "defconstant": .constant
    case "def", "defvar", "defparameter", "define", "defonce", "defcustom", "defvar-local", "defface", "defgroup",
      "define-values":
      .variable
    default: nil
    }
  }

  /// The next run of bytes that are neither blank nor a bracket, without a quote or a colon in front.
  private static func nextWord(_ position: inout Int, _ end: Int, _ source: borrowing Span<UInt8>) -> Range<Int>? {
    func isEnd(_ byte: UInt8) -> Bool {
      byte <= .space || byte == .leftParenthesis || byte == .rightParenthesis || byte == .leftBracket
        || byte == .rightBracket || byte == .leftBrace || byte == .rightBrace
    }
    while position < end, source[position] <= .space { position += 1 }
    while position < end, [UInt8.singleQuote, .doubleQuote, .colon, .hash, .verticalBar].contains(source[position]) {
      position += 1
    }
    let start = position
    while position < end, !isEnd(source[position]), source[position] != .doubleQuote { position += 1 }
    return position > start ? start..<position : nil
  }
}
