/// Options that users of grep, ripgrep and other search tools try here, with what does their work.
enum OtherTools {
  /// What to do instead of `spelling`, with its dashes; nil if no such tool has it.
  static func advice(on spelling: String) -> String? {
    advices.first { $0.spellings.contains(spelling) }?.advice
  }

  /// The same where lines or files are listed, as grep, ripgrep and fd do.
  static func adviceOnLines(on spelling: String) -> String? {
    lineAdvices.first { $0.spellings.contains(spelling) }?.advice
  }

  /// Whether an option of ripgrep's takes a value that says how it goes about its work, or what is so here without it;
  /// nil if it is none of these. It is accepted, and changes nothing.
  static func takesValueWithoutEffect(_ spelling: String) -> Bool? {
    if plainWithoutEffect.contains(spelling) { return false }
    return valuedWithoutEffect.contains(spelling) ? true : nil
  }

  private static let plainWithoutEffect: Set<String> = [
    "--no-config", "--line-buffered", "--block-buffered", "--no-line-buffered", "--no-block-buffered", "--mmap",
    "--no-mmap", "--no-require-git", "--no-ignore-dot", "--no-ignore-files", "--no-ignore-messages", "--unicode",
    "--pcre2-unicode", "--messages", "--no-pre", "--no-search-zip", "--no-encoding", "--no-auto-hybrid-regex",
  ]
  private static let valuedWithoutEffect: Set<String> = [
    "-j", "--colors", "--dfa-size-limit", "--regex-size-limit", "--hyperlink-format", "--hostname-bin",
  ]

  private static let lineAdvices: [(spellings: Set<String>, advice: String)] = [
    (["--files"], "`cairn files` lists the files"),
    (["--type-add", "--type-clear", "--type-all"], "-g '*.{html,css}' chooses by name; --type-list has what -t takes"),
    (["--include"], "-g 'GLOB' chooses files"),
    (["--exclude", "--exclude-dir"], "-g '!GLOB' leaves files and directories out"),
    (
      [
        "--ignore-file", "--ignore-file-case-insensitive", "--no-ignore-exclude", "--no-ignore-global",
        "--no-ignore-parent",
      ],
      "-g '!GLOB' leaves files out, --no-ignore takes in what git ignores"
    ),
    (["--one-file-system", "--require-git"], "-g '!DIR' leaves a directory out"),
    (["--pre", "--pre-glob"], "run the program, and give its output to cairn grep PATTERN -"),
    (["-z", "--search-zip"], "compressed files are read so: zcat FILE | cairn grep PATTERN -"),
    (
      ["-E", "--encoding"],
      "UTF-8, and UTF-16 with its mark, are read; of others: iconv -f ENCODING FILE | cairn grep PATTERN -"
    ),
    (["--null-data"], "lines end with a line feed: tr '\\0' '\\n' < FILE | cairn grep PATTERN -"),
    (["--path-separator"], "paths have slashes"),
    (["--no-unicode", "--no-pcre2-unicode"], "(?-u) at the beginning of the pattern says so"),
    (["--stop-on-nonmatch"], "-m N ends after N lines"),
    (["--auto-hybrid-regex"], "--engine auto says so"),
    (["--sort-files"], "files come in the order of their paths"),
    (
      ["--debug", "--trace"], "`cairn files` lists what is searched, `cairn status --skipped` what the index leaves out"
    ),
    (["--pcre2-version", "--generate"], "`cairn --version`, `cairn man` and `cairn completions` are there"),
    (["--colour"], "--color auto|always|never says it"),
    (["--max-results", "-k"], "-m N ends the search of each file after N lines"),
    (["--lines"], "-C N shows N lines before and after each"),
    (["-G", "--basic-regexp", "--extended-regexp"], "patterns are Rust's, with -P Perl's, with -F texts"),
  ]

  /// What does the work of a command that other tools have; nil if none is known.
  static func command(called word: String) -> String? {
    switch word.lowercased() {
    case "version": "`cairn --version` shows it"
    case "init", "build", "sync", "refresh": "`cairn index` builds the index and brings it up to date"
    case "reindex", "rebuild": "`cairn index --rebuild` begins anew"
    case "query", "s": "`cairn search` finds code"
    case "rg", "egrep", "fgrep", "ack", "ag": "`cairn grep` finds every line that matches a pattern"
    case "find", "fd", "ls": "`cairn files` lists the files, `cairn search` finds code"
    case "chat", "question": "`cairn ask` answers a question in words"
    case "similar", "like", "refs": "`cairn related FILE:LINE` finds places like one"
    case "clone", "register": "`cairn add` adds a repository to the list, and clones one that is named by its address"
    case "repos", "repositories", "projects": "`cairn list` lists the repositories that can be searched together"
    case "stats", "info": "`cairn status` shows what the index holds"
    case "gc", "compact", "prune": "`cairn vacuum` removes what no index needs"
    case "evaluate", "score", "judge": "`cairn eval FILE` judges the ranking by queries with known places"
    case "check", "fsck", "diagnose": "`cairn doctor` examines the index, `cairn verify` reads every byte of it"
    case "serve", "server", "daemon", "start", "stop", "mcp":
      "no server is needed: every search brings the index up to date by itself, or `cairn watch` does"
    case "clean", "clear", "delete", "rm", "reset", "uninstall", "drop":
      "`cairn remove` removes the index, `cairn index --rebuild` begins anew"
    case "settings", "set", "get", "configure": "`cairn config` shows every setting and where its value came from"
    case "install", "setup", "agent": "`cairn agents install` makes Cairn known to coding agents"
    case "models", "download", "pull": "`cairn model` shows and fetches models"
    default: nil
    }
  }

  private static let advices: [(spellings: Set<String>, advice: String)] = [
    (["-r", "-R", "--recursive"], "everything below the root is searched; leave it out"),
    (
      [
        "-e", "--regexp", "-E", "--extended-regexp", "-P", "--pcre2", "--perl-regexp", "-G", "--basic-regexp",
        "--regex",
      ],
      "a pattern stands between two slashes: cairn search '/pattern/'; cairn grep lists every line that matches"
    ),
    (
      ["-F", "--fixed-strings", "-x", "--line-regexp", "--exact", "--literal"],
      "put quotation marks around what must stand as it is written: cairn search '\"text\"'"
    ),
    (["-w", "--word-regexp"], "names and words are matched whole; leave it out"),
    (
      ["-s", "--case-sensitive", "-S", "--smart-case"],
      "patterns, /.../, tell small and capital letters apart, and nothing else does; leave it out"
    ),
    (
      ["-v", "--invert-match"],
      "-lang:, -path:, -ext: and -kind: in the query, -T, and --path '!GLOB' leave files out"
    ),
    (["--exclude", "--exclude-dir", "--ignore"], "--path '!GLOB' leaves files out"),
    (["-c", "--count", "--count-matches"], "-l lists the files, --json counts the results"),
    (
      ["-A", "-B", "--after-context", "--before-context", "--lines"],
      "-C N shows N lines above and below the one that answers"
    ),
    (["-o", "--only-matching"], "-C 0 shows the line that answers alone"),
    (
      ["-m", "-k", "--max-count", "--max-results", "--num-results", "--results", "--top", "--top-k", "--topk"],
      "-n N or --limit N says how many results there may be"
    ),
    (["-N", "--line-number", "--no-line-number"], "the number of each line is always shown"),
    (
      ["-H", "--with-filename", "--no-filename", "--column", "--no-heading", "--heading", "-b", "--byte-offset"],
      "--vimgrep prints PATH:LINE:COLUMN:TEXT"
    ),
    (["-.", "--hidden"], "--include-hidden indexes hidden files too"),
    (
      ["-u", "-uu", "-uuu", "--unrestricted", "--no-ignore", "--no-ignore-vcs", "-I", "--skip-vcs-ignores"],
      "--no-obey-gitignore indexes what git ignores; `cairn status --skipped` lists what is left out and why"
    ),
    (["-L", "--follow", "--dereference-recursive"], "--follow-links follows symbolic links out of the tree"),
    (["-f", "--file"], "a query is read from a file so: cairn search - < FILE"),
    (["-j"], "--threads N says how many threads index"),
    (["-p", "--pretty"], "--color always colours whatever reads it"),
    (["--colour"], "--color auto|always|never says it"),
    (["--sort", "--sortr", "--sort-files"], "the best result comes first"),
    (["--max-filesize", "--max-file-size"], "--max-file-bytes N leaves larger files out"),
    (["--dir", "--directory", "--cwd", "--workdir", "-d"], "--root DIR names the top of another tree"),
    (["--format", "--output", "--output-format"], "--json prints JSON Lines, --vimgrep lines for an editor"),
    (
      ["--verbose", "--stats", "--debug"], "--explain shows why a result is there; cairn index --timings what a run did"
    ),
    (["--watch"], "cairn watch keeps the index fresh; without it every search brings it up to date by itself"),
    (["--force"], "--rebuild of cairn index forgets what is indexed and begins anew"),
    (["--silent", "--no-messages"], "-q prints errors alone"),
    (
      ["--type-list", "--list-file-types"],
      "--lang takes the names and the short names of languages: python, py, c++, ts"
    ),
  ]
}
