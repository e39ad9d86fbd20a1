/// What an option of `cairn grep` and `cairn files` says.
package enum GrepOption: Hashable {
  case pattern, patternFile, ignoreCase, caseSensitive, smartCase, word, line, fixed, perl
  case invert, count, countMatches, countBy, includeZero, filesWithMatches, filesWithoutMatch, onlyMatching
  case lineNumber, noLineNumber, withPath, withoutPath, after, before, context, glob, globFoldingCase
  case language, excludedLanguage
  case maximumCount, multiline, multilineDotAll, crlf, column, vimgrep, statistics, null, heading, noHeading
  case replace, maximumColumns, columnPreview, trim, text, hidden, noIgnore, passThrough
  case unrestricted, follow, maximumDepth, maximumFileSize, sort, reverseSort, typeList, foldsGlobCase
  case binary, engine, noMessages, byteOffset, contextSeparator, noContextSeparator, matchSeparator,
    contextFieldSeparator, pretty
}

extension Option {
  private static func grep(
    _ option: GrepOption, _ name: String, short: String? = nil, takes operand: Operand = .none,
    aliases: [String] = [], _ summary: String
  ) -> Option {
    Option(.grep(option), name, short: short, aliases: aliases, takes: operand, summary)
  }

  static let grepFilters: [Option] = [
    grep(
      .glob, "glob", short: "g", takes: .value("GLOB"),
      "Only files whose path matches, or with ! before GLOB none of them; may be repeated, the last match decides."
    ),
    grep(.globFoldingCase, "iglob", takes: .value("GLOB"), "The same without regard to case."),
    grep(
      .language, "lang", short: "t", takes: .value("NAMES"), aliases: ["type", "language"],
      "Only files in these languages: python, or python,c; may be repeated."),
    grep(
      .excludedLanguage, "not-lang", short: "T", takes: .value("NAMES"), aliases: ["type-not"],
      "No files in these languages; may be repeated."),
    grep(.foldsGlobCase, "glob-case-insensitive", "Every -g is an --iglob."),
    grep(.typeList, "type-list", "The names that -t and -T take, each with the files that are of it."),
    grep(.hidden, "hidden", short: ".", "Hidden files too."),
    grep(
      .noIgnore, "no-ignore", aliases: ["no-ignore-vcs"],
      "What git ignores too; what .cairnignore leaves out stays out."
    ),
    grep(
      .unrestricted, "unrestricted", short: "u",
      "What git ignores too, as --no-ignore; -uu hidden files too, -uuu --binary."
    ),
    grep(.follow, "follow", short: "L", "Symbolic links that lead out of the tree are followed."),
    grep(
      .maximumDepth, "max-depth", short: "d", takes: .value("N"), aliases: ["maxdepth"],
      "No files more than N directories below PATH; 1 is those in PATH itself."),
    grep(
      .maximumFileSize, "max-filesize", takes: .value("N[K|M|G]"), "No files of more bytes, unless they are named."),
    grep(.noMessages, "no-messages", "No word of files that cannot be read; the exit code tells."),
    grep(.sort, "sort", takes: .value("path|modified"), "In this order; without it that of paths."),
    grep(.reverseSort, "sortr", takes: .value("path|modified"), "In the reverse of this order."),
  ]

  static let grepNull = grep(.null, "null", short: "0", aliases: ["print0"], "A NUL byte after each path.")

  static let grepOptions: [Option] =
    [
      grep(
        .pattern, "regexp", short: "e", takes: .value("PATTERN"),
        "A pattern; may be repeated, and any of them may match."),
      grep(
        .patternFile, "file", short: "f", takes: .value("FILE"),
        "Patterns from a file, one a line; - is standard input."),
      grep(.ignoreCase, "ignore-case", short: "i", "Small and capital letters match each other."),
      grep(.caseSensitive, "case-sensitive", short: "s", "Case matters, which is the default."),
      grep(.smartCase, "smart-case", short: "S", "They do unless a pattern has a capital."),
      grep(.word, "word-regexp", short: "w", "Only matches with no word character on either side."),
      grep(.line, "line-regexp", short: "x", "Only matches that are whole lines."),
      grep(.fixed, "fixed-strings", short: "F", "The patterns are texts, as they are written."),
      grep(
        .perl, "pcre2", short: "P", aliases: ["perl-regexp"],
        "Perl's expressions, with look-around and back-references."),
      grep(.multiline, "multiline", short: "U", "Matches may go over several lines."),
      grep(.multilineDotAll, "multiline-dotall", "With -U: a dot matches line breaks too."),
      grep(.crlf, "crlf", "A carriage return before a line feed belongs to the line break."),
      grep(.invert, "invert-match", short: "v", "The lines that do not match."),
      grep(.maximumCount, "max-count", short: "m", takes: .value("N"), "No more than N lines of each file."),
      grep(.text, "text", short: "a", "Files that hold NUL bytes are text too."),
      grep(.binary, "binary", "Files that hold NUL bytes are searched to their end, as if they were named."),
      grep(
        .engine, "engine", takes: .value("default|pcre2|auto"),
        "pcre2 is -P; auto is -P for a pattern that needs it."),
    ] + grepFilters + [
      grep(.count, "count", short: "c", "How many lines of each file match."),
      grep(.countMatches, "count-matches", "How many matches each file has."),
      grep(
        .countBy, "count-by", takes: .value("file|directory"),
        "How many lines match in each file, or below each directory, most first."),
      grep(.includeZero, "include-zero", "With -c: files without a match too."),
      grep(
        .filesWithMatches, "files-with-matches", short: "l", aliases: ["files-only"],
        "Only the paths of files with a match."),
      grep(.filesWithoutMatch, "files-without-match", "Only the paths of files without one."),
      grepNull,
      grep(.onlyMatching, "only-matching", short: "o", "Each match by itself, in place of its line."),
      grep(
        .replace, "replace", short: "r", takes: .value("TEXT"),
        "Show matches as TEXT, with $1 and ${name} for groups; files are not changed."),
      grep(.passThrough, "passthru", aliases: ["passthrough"], "Lines that do not match are shown too."),
      grep(.after, "after-context", short: "A", takes: .value("N"), "N lines after each match."),
      grep(.before, "before-context", short: "B", takes: .value("N"), "N lines before each match."),
      grep(.context, "context", short: "C", takes: .value("N"), "N lines before and after."),
      grep(.lineNumber, "line-number", short: "n", "The number of each line, as on a terminal."),
      grep(.noLineNumber, "no-line-number", short: "N", "No numbers of lines."),
      grep(.column, "column", "The column of the first match, in bytes from 1."),
      grep(
        .byteOffset, "byte-offset", short: "b", "Before each line, or with -o each match, its offset in bytes from 0."),
      grep(.vimgrep, "vimgrep", "A line for each match, as editors read it: PATH:LINE:COLUMN:TEXT."),
      grep(.withPath, "with-filename", short: "H", "The path before each line."),
      grep(.withoutPath, "no-filename", short: "I", "No paths."),
      grep(.heading, "heading", "The path above the lines of a file, as on a terminal."),
      grep(.noHeading, "no-heading", "The path before each line."),
      grep(
        .maximumColumns, "max-columns", short: "M", takes: .value("N"),
        "Leave out lines of more bytes, with a note in their place."),
      grep(.columnPreview, "max-columns-preview", "With -M: the beginning of such lines."),
      grep(
        .contextSeparator, "context-separator", takes: .value("TEXT"), "In place of -- between lines that do not touch."
      ),
      grep(.noContextSeparator, "no-context-separator", "Nothing between them."),
      grep(
        .matchSeparator, "field-match-separator", takes: .value("TEXT"), "In place of : behind paths and numbers."),
      grep(
        .contextFieldSeparator, "field-context-separator", takes: .value("TEXT"),
        "The same of lines that do not match, in place of -."),
      grep(.pretty, "pretty", short: "p", "As on a terminal: --color always --heading -n."),
      grep(.trim, "trim", "Without the blanks at the beginning of lines."),
      grep(.statistics, "stats", "At the end, how many matches, lines and files there were."),
    ]
}

extension Command {
  static let grep = Command(
    name: .grep, usage: "[OPTIONS] PATTERN [PATH...]",
    summary: "Find every line that matches a pattern, as ripgrep does.",
    details: """
      Patterns are Rust's regular expressions, as ripgrep has them, or with -P those of PCRE2. All lines
      are shown, nothing is capped. PATH is a file or a directory, or - for standard input; without one
      standard input is searched where it is a pipe or a file, else the current directory. A file that
      is named is searched even if it is ignored, hidden or binary. With --root DIR, paths and globs are
      meant from DIR.
      The files are those that git does not ignore, less hidden ones, in the order of their paths, as rg
      --sort path has them; files that the index leaves out (generated, large, minified) are searched
      all the same. No index is needed and none is made.
      A pattern that takes too many steps is matched in linear time where it can be; where it cannot be,
      a line says which file was not searched.
      A ripgrep configuration file changes nothing. Docs/GREP.md has all differences from ripgrep.
      Exit code: 0 a line matched, 1 none did, 2 an error.
      """,
    options: Option.grepOptions, topics: [],
    operandCount: 0...(.max),
    examples: [
      "cairn grep 'fn \\w+_lock' src", "cairn grep -nF 'a[i]' -t c", "cairn grep -l TODO -0 | xargs -0 wc -l",
      "cairn grep -r '$2 = $1' '(\\w+) = (\\w+)' main.c", "cairn grep --count-by directory unsafe",
    ])

  static let files = Command(
    name: .files, usage: "[OPTIONS] [PATH...]",
    summary: "List the files that are searched, as rg --files and fd do.",
    details: """
      PATH is a directory whose files are listed, or a file. What is not there is a glob that narrows
      the list: *.c, 'src/**', or a name. Paths are those from the current directory, in their order.
      With --json each has its language and size; --type-list has the names of languages.
      Exit code: 0 there are some, 1 there are none, 2 an error.
      """,
    options: Option.grepFilters + [Option.grepNull], topics: [],
    operandCount: 0...(.max),
    examples: ["cairn files", "cairn files '*.swift' --json", "cairn files -t python -0 | xargs -0 wc -l"])
}
