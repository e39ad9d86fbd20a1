import Primitives

/// How paths and file names are written: pure functions over one token without spaces.
package enum PathShape {
  /// Whether `token` can only be a path: it ends in a file extension of source text, begins at a directory, or has two
  /// slashes.
  package static func isCertain(_ token: String) -> Bool {
    guard token.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") }) else { return false }
    if token.utf8.contains(UInt8(ascii: ":")), token.contains("://") { return false }
    if hasKnownExtension(token) || isHiddenName(token) { return true }
    guard token.utf8.contains(UInt8(ascii: "/")), token.utf8.count > 1 else { return false }
    return token.hasPrefix("./") || token.hasPrefix("../") || token.hasPrefix("/") || token.hasSuffix("/")
      || token.utf8.count(where: { $0 == UInt8(ascii: "/") }) >= 2
  }

  /// Whether `token` ends as files are called and no member of anything is: in an extension of source text, or one of
  /// these besides.
  package static func isNameOfFile(_ token: String) -> Bool {
    if hasKnownExtension(token) || isHiddenName(token) { return true }
    guard let dot = token.lastIndex(of: "."), dot != token.startIndex else { return false }
    return otherExtensions.contains(token[token.index(after: dot)...].lowercased())
  }

  /// What files are called that are not source text, or seldom.
  private static let otherExtensions: Set<String> = [
    "cfg", "conf", "ini", "csv", "tsv", "log", "bak", "tmp", "diff", "patch", "adoc", "tex", "bib", "mk", "bzl", "bat",
    "ps1", "fish", "zsh", "less", "sass", "styl", "asm", "plist", "png", "jpg", "jpeg", "gif", "svg", "ico", "pdf",
    "gz",
    "zip", "tar", "xz", "exe", "dll", "dylib", "jar", "pyc", "whl", "pyx", "pxd", "pem", "crt", "db", "sqlite",
    "parquet",
  ]

  /// Whether the last name in `token` is a hidden one that tools read, or one with an addition: `.env`,
  /// `web/.env.local`, `.npmrc`.
  static func isHiddenName(_ token: String) -> Bool {
    let name = token.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
    guard name.first == "." else { return false }
    return hiddenNames.contains(name.dropFirst().prefix { $0 != "." }.lowercased())
  }

  /// Whether `path` is the extension of a file without its name: `.py`.
  static func isExtensionAlone(_ path: String) -> Bool {
    path.first == "." && extensions.contains(path.dropFirst().lowercased())
  }

  /// Names that begin with a dot, without it, to where an extension may begin. Members of things are called otherwise.
  private static let hiddenNames: Set<String> = [
    "env", "envrc", "gitignore", "gitattributes", "gitmodules", "gitkeep", "gitconfig", "gitlab-ci", "mailmap",
    "dockerignore", "npmrc", "npmignore", "nvmrc", "yarnrc", "babelrc", "eslintrc", "eslintignore", "prettierrc",
    "prettierignore", "stylelintrc", "jshintrc", "browserslistrc", "swcrc", "mocharc", "nycrc", "lintstagedrc",
    "editorconfig", "clang-format", "clang-tidy", "clangd", "swift-format", "swift-version", "swiftlint", "rubocop",
    "rspec", "ruby-version", "python-version", "node-version", "java-version", "tool-versions", "flake8", "pylintrc",
    "coveragerc", "pre-commit-config", "travis", "htaccess", "htpasswd", "bashrc", "bash_profile", "bash_aliases",
    "zshrc", "zshenv", "zprofile", "vimrc", "tmux", "inputrc", "netrc", "pypirc", "condarc", "ignore", "rgignore",
    "cairnignore", "hgignore", "perltidyrc", "perlcriticrc", "rustfmt", "golangci", "goreleaser", "bazelrc",
    "bazelversion", "scalafmt", "ghci", "latexmkrc", "curlrc", "wgetrc", "gemrc", "irbrc", "pryrc", "proverc",
  ]

  /// Whether `token` may be a path: `net/socket`, but also `read/write`.
  static func isPossible(_ token: String) -> Bool {
    guard token.utf8.contains(UInt8(ascii: "/")), !token.contains("://"), let slash = token.firstIndex(of: "/") else {
      return false
    }
    return slash != token.startIndex && token.index(after: slash) != token.endIndex
  }

  static func hasKnownExtension(_ token: String) -> Bool {
    guard let dot = token.lastIndex(of: "."), dot != token.startIndex else { return false }
    return extensions.contains(token[token.index(after: dot)...].lowercased())
  }

  /// - Parameter name: in small letters, without the dot.
  static func isKnownExtension(_ name: String) -> Bool { extensions.contains(name) }

  /// Extensions that nobody takes for a member's name.
  private static let extensions: Set<String> = [
    "py", "pyi", "js", "jsx", "mjs", "cjs", "ts", "tsx", "go", "rs", "java", "c", "h", "cc", "cpp", "cxx", "hh", "hpp",
    "cs",
    "rb", "php", "swift", "kt", "kts", "scala", "lua", "hs", "ex", "exs", "zig", "sh", "bash", "sql", "html", "css",
    "scss",
    "json", "yaml", "yml", "toml", "md", "rst", "txt", "ml", "mli", "jl", "pl", "pm", "dart", "erl", "hrl", "mm", "vue",
    "svelte", "proto", "cmake", "gradle", "xml", "vim", "el", "clj", "cljs", "fs", "fsx", "nix", "tf", "ipp", "inl",
    "ipynb", "tcl",
  ]
}
