import CTreeSitter
import Synchronization

/// The grammars that are linked in, and the rules for each.
enum Grammars {
  /// Languages that share the grammar of another.
  private static let aliases = [
    "c-sharp": "csharp", "c++": "cpp", "docker": "dockerfile", "golang": "go", "jsonc": "json", "jsx": "javascript",
    "makefile": "make", "objective-c": "objc", "protobuf": "proto", "sass": "scss", "sh": "bash", "shell": "bash",
    "zsh": "bash",
  ]

  /// In the order of their bytes.
  static let names: [String] = (0..<cairn_grammar_count).compactMap { index in
    unsafe cairn_grammar_at(index).flatMap { unsafe $0.pointee.name }.map { unsafe String(cString: $0) }
  }

  /// Made when a language is first met; nil for a language without a grammar.
  private static let tables = Mutex<[String: GrammarTable?]>([:])

  /// The table of a language, or nil if there is no grammar for it. Thread-safe.
  static func table(for language: String) -> GrammarTable? {
    tables.withLock { tables in
      if let known = tables[language] { return known }
      let name = aliases[language] ?? language
      let table = unsafe cairn_grammar_named(name).map { grammar in
        unsafe GrammarTable(language: grammar, rules: rules[name])
      }
      tables[language] = .some(table)
      return table
    }
  }

  /// A grammar that is not here goes by `GenericRules`.
  private static let rules: [String: LanguageRules] = [
    "ada": .ada,
    "astro": .html,
    "bash": .bash,
    "c": .c,
    "clojure": .lisp,
    "cmake": .cmake,
    "commonlisp": .lisp,
    "cpp": .cpp,
    "csharp": .cSharp,
    "css": .css,
    "cuda": .cpp,
    "d": .d,
    "dart": .dart,
    "dockerfile": .dockerfile,
    "elisp": .lisp,
    "elixir": .elixir,
    "elm": .elm,
    "erlang": .erlang,
    "fish": .fish,
    "fsharp": .fSharp,
    "gdscript": .gdScript,
    "gleam": .gleam,
    "glsl": .c,
    "go": .go,
    "graphql": .graphQL,
    "groovy": .groovy,
    "haskell": .haskell,
    "hcl": .hcl,
    "html": .html,
    "ini": .ini,
    "java": .java,
    "javascript": .javaScript,
    "json": .json,
    "julia": .julia,
    "kotlin": .kotlin,
    "latex": .latex,
    "lua": .lua,
    "luau": .lua,
    "make": .make,
    "markdown": .markdown,
    "matlab": .matlab,
    "nix": .nix,
    "objc": .objectiveC,
    "ocaml": .ocaml,
    "ocaml_interface": .ocaml,
    "pascal": .pascal,
    "perl": .perl,
    "php": .php,
    "powershell": .powerShell,
    "prisma": .prisma,
    "properties": .properties,
    "proto": .proto,
    "python": .python,
    "r": .r,
    "racket": .lisp,
    "rst": .restructuredText,
    "ruby": .ruby,
    "rust": .rust,
    "scala": .scala,
    "scheme": .lisp,
    "scss": .css,
    "solidity": .solidity,
    "sql": .sql,
    "starlark": .python,
    "svelte": .html,
    "swift": .swift,
    "tcl": .tcl,
    "terraform": .hcl,
    "thrift": .thrift,
    "toml": .toml,
    "tsx": .javaScript,
    "typescript": .javaScript,
    "typst": .typst,
    "vim": .vim,
    "vue": .html,
    "wgsl": .wgsl,
    "xml": .xml,
    "yaml": .yaml,
    "zig": .zig,
  ]
}
