/// Words that programs use for what people say: the customary abbreviations of code, and verbs and nouns that
/// programmers use for one another. Small and general; what a repository calls its things is left to the embedding.
enum CodeSynonyms {
  /// Other words for `word` (lower-cased), which is not among them.
  static func of(_ word: String) -> [String] { table[word] ?? [] }

  private static let table: [String: [String]] = {
    var table: [String: [String]] = [:]
    for group in groups {
      let words = group.split(separator: " ").map(String.init)
      for word in words { table[word, default: []] += words.filter { $0 != word && table[word]?.contains($0) != true } }
    }
    return table
  }()

  private static let groups = [
    // Abbreviations.
    "address addr", "allocate alloc", "allocation alloc", "application app", "argument arg", "arguments args",
    "array arr",
    "asynchronous async", "attribute attr", "attributes attrs", "authentication auth", "authorization auth",
    "buffer buf",
    "calculate calc", "character char", "command cmd", "configuration config conf cfg", "connection conn",
    "context ctx",
    "database db", "declaration decl", "definition def", "destination dest dst", "dictionary dict",
    "directory dir folder",
    "document doc", "documentation docs", "environment env", "error err", "execute exec", "expression expr",
    "extension ext", "function func fn", "identifier id ident", "image img", "implementation impl", "index idx",
    "information info", "initialize init", "initialization init", "input in", "integer int", "iterator iter",
    "length len", "library lib", "maximum max", "memory mem", "message msg", "minimum min", "number num", "object obj",
    "option opt", "options opts", "package pkg", "parameter param", "parameters params", "password passwd",
    "pointer ptr",
    "position pos", "previous prev", "process proc", "property prop", "properties props", "reference ref",
    "regular regex", "repository repo", "request req", "response resp res", "sequence seq", "source src",
    "specification spec", "statistics stats", "statement stmt", "string str", "synchronous sync", "synchronize sync",
    "temporary tmp temp", "utility util", "utilities utils", "value val", "variable var", "vector vec", "window win",
    // Words for one another.
    "delete remove erase", "error exception", "throw raise", "serialize encode marshal", "deserialize decode unmarshal",
    "abort cancel", "verify validate check", "show display render", "fetch retrieve load", "store save persist",
    "create make build", "start begin launch", "stop terminate shutdown", "wait block await",
    "listener observer subscriber",
    "subscribe listen observe", "compress gzip deflate", "parallel concurrent threads", "duplicate copy clone",
    "convert transform", "merge combine join", "limit throttle", "terminal console tty", "colour color", "escape quote",
    "expire timeout", "expiration timeout", "automatic auto", "exit quit", "lock mutex", "task job",
  ]
}
