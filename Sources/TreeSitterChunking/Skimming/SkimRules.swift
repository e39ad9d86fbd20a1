/// How a skimmer tells the bodies of functions in a language: enough of its words and literals to pass over what is
/// inside.
///
/// Only for languages with braces whose functions hold nothing that a reader would look for by name, or say so with a
/// word.
struct SkimRules: Sendable {
  /// How the head of a function is told from other heads before a brace.
  enum Head: Sendable {
    /// The brace stands behind parentheses, with nothing between but these words, words in capitals (macros), or what
    /// follows `->`.
    case parentheses(behind: [StaticString])
    /// Parentheses somewhere in the head, none of these words, and no `=`.
    case parenthesesWithout([StaticString])
    /// This word in the head.
    case word(StaticString)
  }

  var head: Head
  /// `#if`, `#define`: lines for the preprocessor.
  var hasPreprocessor = false
  /// Whether `= { … }` holds values, so that it can be elided as well.
  var skimsInitializers = false
  /// Whether a statement may end with its line.
  var lineEndsStatement = false
  /// Words that define something when a name comes next; a body that has one is left to the parser.
  var definingWords: [StaticString] = []
  /// Words that define something when a name and a brace come next.
  var taggingWords: [StaticString] = []
  /// Whether `new Name(…) {` begins a type.
  var hasAnonymousTypes = false
  /// Words, with what stands in parentheses right behind them, that only annotate and that the grammar does not know.
  var annotations: Set<String> = []
  /// Whose macros are told from what they stand before (`MacroReader`).
  var macros = Macros.none
  var literals = Literals()

  enum Macros: Sendable { case none, c, cpp, rust }

  /// The literals and comments that are not the same everywhere.
  struct Literals: Sendable {
    /// `/* /* */ */`
    var nestsComments = false
    /// `` `…` `` over several lines, without escapes.
    var hasBackquotes = false
    /// `"""…"""`
    var hasTextBlocks = false
    /// `R"x(…)x"`
    var hasDelimitedStrings = false
    /// `r#"…"#`, strings over several lines, and `'a` that is no character.
    var isRust = false
    /// `1'000'000`
    var hasQuotedDigits = false
  }
}

extension SkimRules {
  static let c = SkimRules(
    head: .parentheses(behind: []), hasPreprocessor: true, skimsInitializers: true,
    taggingWords: ["struct", "union", "enum"], annotations: cAnnotations, macros: .c)

  static let cpp = SkimRules(
    head: .parentheses(behind: ["const", "noexcept", "override", "final", "volatile", "mutable", "try"]),
    hasPreprocessor: true, skimsInitializers: true, taggingWords: ["struct", "union", "enum", "class"],
    annotations: cAnnotations, macros: .cpp,
    literals: Literals(hasDelimitedStrings: true, hasQuotedDigits: true))

  static let go = SkimRules(
    head: .word("func"), lineEndsStatement: true, definingWords: ["type"], literals: Literals(hasBackquotes: true))

  static let java = SkimRules(
    head: .parenthesesWithout(["class", "interface", "enum", "record", "new"]),
    definingWords: ["class", "interface", "enum", "record"], hasAnonymousTypes: true,
    literals: Literals(hasTextBlocks: true))

  static let rust = SkimRules(
    head: .word("fn"),
    definingWords: ["fn", "struct", "enum", "union", "trait", "mod", "type", "impl", "macro_rules"],
    macros: .rust, literals: Literals(nestsComments: true, isRust: true))
}
