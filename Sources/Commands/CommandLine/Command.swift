import Settings

/// One command, as the parser and the help texts know it.
package struct Command {
  package enum Name: String, CaseIterable {
    case index, watch, search, grep, files, related, ask, status, add, list, update, doctor, verify, vacuum, remove,
      cache, model, config, agents
    case bench, eval, cluster, mcp, context, savings
    case completions, man, help
  }

  package let name: Name
  /// What follows the name: `[OPTIONS] QUERY...`.
  package let usage: String
  /// One line.
  package let summary: String
  /// What a reader of `cairn help NAME` should know besides.
  package let details: String
  /// Its own options; every command takes the common ones and the settings too.
  package let options: [Option]
  /// What its settings are about; the others may be given too, but its help does not list them.
  let topics: [Setting.Topic]
  let operandCount: ClosedRange<Int>
  package let examples: [String]

  /// Whether its operands are the words of a query.
  var takesQuery: Bool { name == .search || name == .ask || name == .context }

  /// Options of every command.
  static let commonOptions: [Option] = [.root, .json, .quiet, .help, .version]

  /// The settings that its users give most: those of its topics that have a letter.
  var frequentSettings: [Option] {
    Option.settings.filter { option in
      guard case .setting(let setting) = option.meaning else { return false }
      return setting.shortFlag != nil && topics.contains(setting.topic)
    }
  }

  /// Every option that the command takes.
  package var allOptions: [Option] {
    let own = options + Self.commonOptions
    // Where a setting has the name of an option, as in grep, which has those of ripgrep, the option is meant.
    return own
      + Option.settings.filter { setting in !own.contains { $0.name == setting.name } }
      .map { setting in own.contains { $0.short == setting.short } ? setting.withoutShort : setting }
  }

  package static func named(_ name: Name) -> Command {
    switch name {
    case .index: index
    case .watch: watch
    case .search: search
    case .grep: grep
    case .files: files
    case .related: related
    case .ask: ask
    case .status: status
    case .add: add
    case .list: list
    case .update: update
    case .doctor: doctor
    case .verify: verify
    case .vacuum: vacuum
    case .remove: remove
    case .cache: cache
    case .model: model
    case .config: config
    case .agents: agents
    case .bench: bench
    case .eval: eval
    case .cluster: cluster
    case .mcp: mcp
    case .context: context
    case .savings: savings
    case .completions: completions
    case .man: man
    case .help: help
    }
  }
  package static let all = Name.allCases.map(named)

  /// Which repositories of the list are meant.
  private static let repositories: [Option] = [.repository, .group, .all]

  /// What narrows a query.
  private static let filters: [Option] = [
    .language, .excludedLanguage, .path, .fileExtension, .kind, .ignoreCase,
  ]

  private static let index = Command(
    name: .index, usage: "[OPTIONS] [DIRECTORY]",
    summary: "Build the index, or bring it up to date.",
    details: """
      DIRECTORY becomes the root. Only what changed since the last run is read. A run that was stopped
      or killed is gone on with, and the report says what was there. With --nice it gives way to
      whatever else wants the cores or the disk, and takes as long as that needs.
      Options that choose files are kept with the index: later runs and searches see the same files
      until others are named. --file-limit and --walk-time-limit bound one run and are not kept, nor is
      what a project cannot ask for, such as --include-secrets and --follow-links: the next run and the
      next search go without it. Only ~/.config/cairn/config.toml keeps these.
      / and the home directory are indexed only after a question, or with --yes.
      With --at, a commit is indexed from git's objects, without a checkout, beside the tree. What it
      has in common with the tree or with other commits is shared. The 16 that were used last are kept.
      """,
    options: [.at, .rebuild, .reindex, .indexHistory, .yes, .profile, .trace, .timings],
    topics: [.files, .indexing, .caches, .models, .endpoints],
    operandCount: 0...1,
    examples: [
      "cairn index", "cairn index --profile ~/src/project", "cairn index --rebuild --trace run.json",
      "cairn index --at v1.2",
    ])

  private static let watch = Command(
    name: .watch, usage: "[OPTIONS] [DIRECTORY]",
    summary: "Keep the index fresh while files change.",
    details: """
      DIRECTORY is the root. Builds the index first where there is none, then waits for the system to
      tell of changes and commits each in some milliseconds, until it is stopped (Ctrl-C). Searches
      beside it, in any process, need not look at the tree, and still miss nothing that was written
      before them. One process watches a tree; a second one takes its place when it ends. Nothing has to
      be tidied up after one that was killed.
      It gives way to whatever else wants the cores or the disk, but not while a search waits for it;
      --no-nice has it not do so. On battery it works on one thread at a time (on_battery).
      On file systems of other machines, and where the system gives no more watches, it looks at the
      files now and then instead, for at most 1 % of a core, and says why; searches then look for
      themselves. When the directory is removed or moved, or another takes its place, it says so and
      ends.
      Exit code: 0 the tree is gone; 2 an error; a watch that is stopped has that of its signal.
      """,
    options: [.poll, .yes], topics: [.files, .indexing, .models],
    operandCount: 0...1,
    examples: ["cairn watch", "cairn watch --quiet ~/src/project &", "cairn watch --json | jq -c .event"])

  private static let search = Command(
    name: .search, usage: "[OPTIONS] QUERY...",
    summary: "Find code by a query in words, an identifier or a path.",
    details: """
      Builds the index first where there is none, and brings it up to date before it searches.
      In the query, lang:NAME, path:GLOB, ext:NAME and kind:KIND filter as the options do; -lang:NAME,
      or lang:!NAME, leaves out.
      "quoted text" is found as it is written, and /pattern/, a regular expression as cairn grep has
      them, in lines that match it (/pattern/i in any case); both narrow what other words find.
      AND, OR and NOT in capitals join words, quoted text, patterns, filters and (groups):
      a AND NOT (b OR "c d").
      An option's value that cannot be (--lang pyton) is an error; a filter in the query that nothing
      passes finds nothing.
      A query of - alone is read from standard input. Words after -- are never options.
      With -q nothing is shown that is only near a name, a path or a quoted text which is nowhere.
      With --history what the commits of the git repository removed is searched, and not the tree: code
      that is gone, with the commit that took it away. In the query, author:NAME, before:DATE and
      after:DATE filter by that commit; a DATE is 2026, 2026-01, 2026-01-31, yesterday or 2weeks. The
      first such search reads the history, history_limit commits back; later ones only what is new.
      With --at, the files of a commit are searched, whatever is checked out; its index is built where
      there is none. Lines and paths are those of the commit.
      With --repo, --group or --all, repositories of the list (`cairn list`) are searched in place of the
      tree around, all of them as one: a result is shown as NAME:PATH, and by -l and --vimgrep with a path
      that leads there from here.
      Exit code: 0 something was found, 1 nothing was found, 2 an error.
      """,
    options: [.at] + repositories + filters + [
      .history, .filesOnly, .null, .vimgrep, .explain, .noUpdate, .yes, .noPager,
    ],
    topics: [.answers, .models, .sharing],
    operandCount: 1...(.max),
    examples: [
      "cairn search where do sessions expire", "cairn search -n 3 --lang python parse_date",
      "cairn search --history author:ann after:2026-01 retry loop",
      "cairn search --group work rate limiter",
      "cairn search --path 'src/**' --kind function retry with backoff", "cairn search --at HEAD~50 parse_date",
    ])

  private static let related = Command(
    name: .related, usage: "[OPTIONS] FILE:LINE",
    summary: "Find the places most like the code at a line.",
    details: """
      A place may be written as compilers, tracebacks and search write it: main.c:12:5, main.c:12-20,
      main.c(12), main.c#L12, or File "main.py", line 12. The end of a path is enough where one file has
      it. With --repo, --group or --all it is one in these repositories, NAME:FILE:LINE or a path.
      Options and exit codes are those of search.
      """,
    options: [.at] + repositories + filters + [.filesOnly, .null, .vimgrep, .explain, .noUpdate, .yes, .noPager],
    topics: [.answers, .models],
    operandCount: 1...1,
    examples: ["cairn related src/server.c:120", "cairn related -n 3 --json src/parser.py:40-60"])

  private static let ask = Command(
    name: .ask, usage: "[OPTIONS] QUESTION...",
    summary: "Answer a question from what search finds, through a chat model.",
    details: """
      What search finds is packed into a prompt that has the model cite [path:first-last] for every
      claim, and every citation is checked against what was retrieved. The model is behind llm_endpoint:
      Ollama, llama.cpp, vLLM or anything else that speaks OpenAI's chat API. Without an endpoint the
      prompt is printed, to paste into an assistant. With --repo, it is answered from that repository of
      the list.
      Exit code: 0 answered (or printed), 1 nothing was found, 2 an error, 3 the answer cites what was
      not retrieved.
      """,
    options: [.repository] + filters + [.chatModel, .tokens, .contextOnly, .noUpdate, .yes], topics: [.endpoints],
    operandCount: 1...(.max),
    examples: [
      "cairn ask how does a session expire",
      "cairn ask --context-only --tokens 3000 where is the retry logic | wl-copy",
      "cairn ask --llm-endpoint http://localhost:11434/v1 --llm-model qwen2.5-coder what locks the index",
    ])

  private static let status = Command(
    name: .status, usage: "[OPTIONS] [--skipped [PATH]]", summary: "Show what the index holds and where it lives.",
    details: """
      With --skipped, lists the files and directories that are left out, each with its reason; PATH
      narrows it to a file or a directory. With --repo, --group or --all, the status of each of these.
      With --at, the status of the index of a commit, which the repository need not have any more.
      With --store, first what the shared collection holds, and whether files may be missing in it.
      Exit code: 0 there is an index, 1 there is none, 2 an error; with --skipped: 0 something is left
      out, 1 nothing is.
      """, options: [.at, .skipped] + repositories, topics: [.sharing],
    operandCount: 0...1,
    examples: [
      "cairn status", "cairn status --at v1.2", "cairn status --skipped", "cairn status --skipped web/dist --json",
    ])

  private static let add = Command(
    name: .add, usage: "[OPTIONS] DIRECTORY|ADDRESS",
    summary: "Add a repository to those searched together, and index it.",
    details: """
      DIRECTORY is the top of a tree, wherever it is. ADDRESS is that of a git repository: https://...,
      ssh://..., host:path, git://... or file:///...; it is cloned into the cache, without what is not
      needed to search it. Nothing of it is run, nothing is asked, and an address with a password in it
      is refused. Once more, the same adds groups, renames with --as, and brings a clone up to date.
      / and the home directory are added only after a question, or with --yes.
      """,
    options: [.named, .intoGroup, .yes], topics: [.files, .indexing, .models], operandCount: 1...1,
    examples: [
      "cairn add .", "cairn add ~/src/api --as api --group work",
      "cairn add https://github.com/curl/curl --group c", "cairn search --all retry with backoff",
    ])

  private static let list = Command(
    name: .list, usage: "[OPTIONS]", summary: "List the repositories that can be searched together.",
    details: """
      A line for each, with what its index holds and as of when. States: ready; incomplete, its first
      run is running or was stopped; no-index; gone, its directory is not there; unreadable.
      Exit code: 0 there are some, 1 there are none, 2 an error.
      """, options: [.group], topics: [], operandCount: 0...0,
    examples: ["cairn list", "cairn list --group work", "cairn list --json"])

  private static let update = Command(
    name: .update, usage: "[OPTIONS] [NAME...]",
    summary: "Fetch what was cloned, and bring listed indexes up to date.",
    details: """
      A search brings indexes up to date by itself; it fetches nothing. A clone whose files were changed
      by hand is left as it is, with a line that says so.
      Exit code: 0 all are up to date, 2 an error, with one at least.
      """, options: [.group, .all], topics: [.files, .indexing, .models], operandCount: 0...(.max),
    examples: ["cairn update curl", "cairn update --all", "cairn update --group work --quiet"])

  private static let doctor = Command(
    name: .doctor, usage: "[OPTIONS] [DIRECTORY]",
    summary: "Check the index and all that it needs, and say what to do.",
    details: """
      DIRECTORY is the root. One line for each check: the index's files, modes and disk, the lock, the
      catalog, every byte of the segments, the words of a sample of the files analysed again, leftovers,
      how fresh it is, the last run, what is left out, the model, the settings, and limits of the system.
      Nothing is changed (a damaged segment is marked, as verify does) and no request is sent. Takes
      about twice as long as verify.
      With --repair, what is bad is mended, and the checks run again: an index run reads again what is
      damaged, leftovers of Cairn's own are removed, its files, and a .cairn of yours that is not used
      since others may look into it, are closed to others; one that is no index any more goes where
      Cairn made all that is in it. What is not Cairn's is not touched: the line says what to move away.
      Exit code: 0 nothing is bad, 2 something is, or there is no index.
      """, options: [.repair], topics: [], operandCount: 0...1,
    examples: ["cairn doctor", "cairn doctor --repair", "cairn doctor --json ~/src/project"])

  private static let verify = Command(
    name: .verify, usage: "[OPTIONS] [DIRECTORY]", summary: "Read every byte of the index and say what is damaged.",
    details: """
      DIRECTORY is the root. Of the index itself nothing is changed; beside each damaged segment a mark
      is left, and the next index or search reads its files again. A search by itself verifies only what
      it reads.
      Exit code: 0 the index is sound, 2 it is damaged, or there is none.
      """, options: [], topics: [], operandCount: 0...1,
    examples: ["cairn verify", "cairn verify --json ~/src/project"])

  private static let vacuum = Command(
    name: .vacuum, usage: "[OPTIONS] [DIRECTORY]",
    summary: "Remove what killed runs and merges left behind in the index.",
    details: """
      DIRECTORY is the root. Every index run ends with it, so that it is of use after one that was
      killed. Only files of Cairn's that no committed state needs are removed; running searches keep those
      that they have open.
      Exit code: 0 done, also where there was nothing to remove, 2 an error: there is no index, or a run
      is at work.
      """, options: [], topics: [], operandCount: 0...1,
    examples: ["cairn vacuum", "cairn vacuum --json ~/src/project"])

  private static let remove = Command(
    name: .remove, usage: "[OPTIONS] [DIRECTORY | NAME]",
    summary: "Remove the index, or take a repository from the list.",
    details: """
      DIRECTORY is the root. The indexes of slower models and of commits beside it go too, and an index of
      the tree that is not used, in .cairn or in the cache. The tree itself, cairn.toml, caches and models
      stay. With --at, only the index of that commit goes, which the repository need not have any more.
      Nothing is asked, since an index can be made again: `cairn index`.
      What Cairn did not make is left where it is and named, and so is what could not be removed.
      With NAME, a repository of the list (`cairn list`), it is taken from the list, and nothing else
      happens to it; --index removes its index as well, --clone what Cairn cloned. A word that is a
      directory here and a name of the list is an error: ./WORD is the directory, --repo WORD the name.
      Exit code: 0 removed, 1 there is no index, 2 an error: a run is at work, or not all could be
      removed.
      """, options: [.at, .repository, .fromGroup, .withIndex, .withClone], topics: [], operandCount: 0...1,
    examples: [
      "cairn remove", "cairn remove --at v1.2", "cairn remove --json ~/src/project", "cairn remove curl --clone",
    ])

  private static let model = Command(
    name: .model, usage: "[OPTIONS] list|info MODEL|pull MODEL|add DIRECTORY|test MODEL|remove MODEL|runtime",
    summary: "Show, fetch and try embedding models.",
    details: """
      list and info show what there is. pull fetches a model by its name, or any owner/name on the hub,
      checks each file against its published hash, and resumes where it was stopped. add makes the
      exported model in a directory known. test opens a model and embeds known texts. runtime shows
      which ONNX Runtime is found. The built-in model needs none of this.
      Exit code of test and runtime: 1 where it does not work.
      """,
    options: [.name], topics: [.models, .endpoints], operandCount: 1...2,
    examples: ["cairn model list", "cairn model pull minilm", "cairn model test minilm", "cairn index --model minilm"])

  private static let cache = Command(
    name: .cache, usage: "[OPTIONS] [stats | clear | warm]",
    summary: "Show the caches, clear them, or read the index into memory.",
    details: """
        stats  what each cache holds: entries, bytes, hits and misses
        clear  forget the embeddings that are kept for all projects; the index stays
        warm   read the index once, so that the next search finds it in memory
      """,
    options: [], topics: [.caches], operandCount: 0...1,
    examples: ["cairn cache", "cairn cache warm", "cairn cache clear"])

  private static let config = Command(
    name: .config,
    usage: "[OPTIONS] [list | get KEY | set KEY VALUE | unset KEY | path | profile PROFILE | import FILE]",
    summary: "Show and change settings, and say where each value came from.",
    details: """
        list             every setting with its value and where it came from; the same without a word
        get KEY          the value of one setting
        set KEY VALUE    write it into a file of settings, where comments and all else stay as they are
        unset KEY        take it out again
        path             the files of settings
        profile PROFILE  print the sizes for a small, medium, large or huge project
        import FILE      read a configuration of semindex (TOML) or LeIndex (YAML), say what became of
                         every key, and print what it comes to here

      set and unset write the project's cairn.toml, or with --global the user's own file, and say so;
      where another source wins over that file, they name it. With --global or --project, get and list
      show what that file alone says.
      Values come from, in rising order: built in, ~/.config/cairn/config.toml, cairn.toml at the root,
      the environment (CAIRN_...), the command line that built the index (settings that choose files are
      kept with it), the command line. Sizes that nobody set are derived from the machine and the
      corpus. `cairn help settings` says what each setting does.
      Exit code: 0 done; 1 the setting that get or unset names is not in that file; 2 an error.
      """,
    options: [.global, .projectFile, .apply], topics: [], operandCount: 0...3,
    examples: [
      "cairn config set limit 20", "cairn config set --global color never", "cairn config get max_memory_mb",
      "cairn config profile large --apply", "cairn config import ~/.leindex/config.yaml > cairn.toml",
    ])

  private static let agents = Command(
    name: .agents, usage: "[OPTIONS] install|status|uninstall [CLIENT...]",
    summary: "Make Cairn known to coding agents, and take all of it back.",
    details: """
        install    add an entry that starts `cairn mcp` to the configuration of each CLIENT
        status     show the entries, start each as its client would, and say what does not work
        uninstall  take the entries and texts out again, byte for byte

      Without CLIENT, those that are found on this machine. Each change is shown and asked for. Only the
      entry is written: comments, order and every other byte of a file stay, and a file that is not
      understood with certainty is left alone, with the text to paste.
      With --project, the repository's own files, such as .mcp.json, .cursor/mcp.json and
      .vscode/mcp.json. With --instructions, a section in CLAUDE.md or AGENTS.md, and for Claude Code a
      skill and a sub-agent, which have agents use Cairn for exploring and not for trivial edits.
      Clients: claude-code, codex, cursor, vscode, gemini, antigravity, copilot, opencode, kilo,
      windsurf, zed, junie, kiro, qwen, cline, continue, goose, grok, claude-desktop, pi, command-code,
      zcode, reasonix. Docs/AGENTS.md says which files these are.
      Exit code: 0 done, 1 there is no client, no entry, or nothing to do, 2 an error, or an entry that
      does not work.
      """,
    options: [.project, .instructions, .dryRun, .writeUnasked], topics: [], operandCount: 1...(.max),
    examples: [
      "cairn agents install", "cairn agents install --dry-run codex cursor", "cairn agents status",
      "cairn agents install --project --instructions claude-code", "cairn agents uninstall --yes",
    ])

  private static let bench = Command(
    name: .bench, usage: "[OPTIONS] [DIRECTORY]",
    summary: "Measure indexing, searching and ranking on a directory.",
    details: """
      Works in an index of its own in a temporary directory: the directory's index is left alone, and so
      are its files. Without --queries, queries are made from what the directory's code defines, and
      only timed; with them, ranking is judged too. `cairn help eval` says what a file of queries is.
      Takes a few index runs and a few hundred searches; let nothing else run meanwhile.
      """,
    options: [.queries, .rounds], topics: [.files, .indexing, .models], operandCount: 0...1,
    examples: ["cairn bench", "cairn bench --queries queries.tsv --json ~/src/project"])

  private static let eval = Command(
    name: .eval, usage: "[OPTIONS] FILE",
    summary: "Judge the ranking of the index by queries with known places.",
    details: """
      Searches for each query of FILE and judges the first ten results: NDCG@10, MRR, and recall at 1, 5
      and 10, by file and by lines. FILE has lines of tab-separated values:

        QUERY<tab>PATH[:LINE | :FIRST-LAST][<tab>GRADE]

      or JSON Lines: {"query": "...", "places": [{"path": "...", "start_line": 1, "end_line": 9,
      "grade": 2}]}. Paths are relative to the root. A query on several lines has several places. GRADE
      is 1 to 10, 1 if not said; the gain is 2 to the power of it, less 1. MRR and recall are of the
      places with the best grade of their query.
      Exit code: 0 done, 2 an error.
      """, options: [.noUpdate, .yes], topics: [.models], operandCount: 1...1,
    examples: ["cairn eval queries.tsv", "cairn eval --json --no-update queries.jsonl"])

  private static let cluster = Command(
    name: .cluster,
    usage: "[OPTIONS] push|pull|verify|enqueue|worker|status|pause|resume|retry|drain|list|remove [DIRECTORY]",
    summary: "Keep an index in a shared store, for many machines.",
    details: """
        push     send the index of the tree to the store, without embedding anything again: what the store
                 has already is not sent
        pull     make the index of the tree of what the store has, without embedding that again: what the
                 index has already is not sent
        verify   say whether the store holds what the index holds: every chunk, term and vector
        enqueue  put the files of the tree, or with --at of a commit, into the queue, for workers; of an
                 ADDRESS in place of DIRECTORY those of the newest commit, in a shallow clone
        worker   take tasks from the queue and do them, until it is stopped: SIGTERM ends it gently
        status   show the queue, how fast it is done, and its workers
        pause    have workers take no more tasks of the collection; resume has them take some again
        retry    put the tasks that were given up into the queue once more
        drain    wait until the queue is empty, then have the store make its searches fast
        list     show the collections of the store
        remove   remove the collection

      DIRECTORY is the root. Workers, on any machine, read the files at the same path, or the commit in
      the repository there, or with --clone in a clone of their own of the ADDRESS; they take the tasks
      of the model that they have (--model), of all collections, or of the one of --collection.
      The store is named by --store, or by "store" in your own config.toml: postgres://user@host/database
      with pgvector 0.8.4 or newer; or qdrant, 1.12 or newer, at --qdrant-url, for all but the queue. A
      password comes from PGPASSWORD or ~/.pgpass, a key from QDRANT_API_KEY. The collection is named as
      the root's directory, or by --collection. With --store, search, related and ask answer from
      the collection, with or without a checkout.
      Exit code: 0 done, or equal; 1 there is no collection; 2 an error, the two differ, or tasks were
      given up.
      """, options: [.at, .priority, .inFlight, .once, .clone, .watchQueue, .removeUnasked],
    topics: [.sharing, .models],
    operandCount: 1...2,
    examples: [
      "cairn cluster push --store postgres://cairn@db.example/code",
      "cairn search --store postgres://cairn@db.example/code --collection linux tcp retransmit timer",
      "cairn cluster push --store qdrant --qdrant-url http://localhost:6333 --collection code",
      "cairn cluster enqueue --at v6.1 /srv/linux", "cairn cluster enqueue https://github.com/git/git",
      "cairn cluster worker --once", "cairn cluster status --json",
      "cairn cluster remove --collection old --yes",
    ])

  private static let mcp = Command(
    name: .mcp, usage: "[OPTIONS] [DIRECTORY]",
    summary: "Serve a coding agent over the Model Context Protocol (stdio).",
    details: """
      An agent's client starts it; nothing is to be typed here. DIRECTORY is the tree that is meant where
      a call names none; without it the one that it is started in. Four tools: search, read, outline and
      history, each within a budget of tokens. Where there is no index the first call begins one, and
      answers from what is read so far. The tree is watched while no other process does.
      It ends when its standard input is closed.
      Exit code: 0 the client is gone, 2 an error before the first message.
      """, options: [], topics: [.files, .indexing, .models], operandCount: 0...1,
    examples: ["cairn mcp", "claude mcp add cairn -- cairn mcp", "cairn mcp ~/src/project"])

  private static let context = Command(
    name: .context, usage: "[OPTIONS] FILE|TASK...",
    summary: "Pack the code that a task needs into so many tokens.",
    details: """
      TASK is a query in words, as of search: the pieces that it finds come best first, each trimmed to
      the lines that answer, and what has no room is named in a line. FILE is one indexed file: what it
      defines, the definitions in other files of the names that it uses, and code like it. The output is
      Markdown, to paste into a chat; the count of tokens is an estimate that is rarely too small.
      Exit code: 0 something was found, 1 nothing was found, 2 an error.
      """, options: filters + [.contextTokens, .noUpdate, .yes], topics: [.models],
    operandCount: 1...(.max),
    examples: [
      "cairn context where do sessions expire", "cairn context --tokens 8000 src/server.c",
      "cairn context --json retry with backoff | jq -r .markdown",
    ])

  private static let savings = Command(
    name: .savings, usage: "[OPTIONS] [clear]",
    summary: "Show what answers to agents cost, beside reading whole files.",
    details: """
      One line for each tool: answers, those that found nothing, their tokens, and the tokens of the
      files of which they show lines, had each been read whole. That is the most that can have been
      saved: an agent may have read less, or reads the file after all. `clear` forgets the numbers.
      They are kept by day in one small file of yours and sent nowhere; nothing of a query, a path or
      a text is in it. savings = false in ~/.config/cairn/config.toml, or CAIRN_SAVINGS=false, keeps none.
      Exit code: 0 there are numbers, 1 there are none, 2 an error.
      """, options: [], topics: [.answers], operandCount: 0...1,
    examples: ["cairn savings", "cairn savings --json", "cairn savings clear"])

  private static let completions = Command(
    name: .completions, usage: "[OPTIONS] SHELL",
    summary: "Print the script by which bash, zsh or fish completes cairn.",
    details: """
      SHELL is bash, zsh or fish. The script knows the commands, their options, and the values that an
      option can have. A new version of Cairn may know more: make it anew then, or have it made by each
      shell as it starts, as the first example does for bash.
      The directory of the example for fish or zsh must be there; for zsh it must be one of fpath, before
      compinit runs: fpath=(~/.zsh/completions $fpath).
      """, options: [], topics: [], operandCount: 1...1,
    examples: [
      "eval \"$(cairn completions bash)\"", "cairn completions fish > ~/.config/fish/completions/cairn.fish",
      "cairn completions zsh > ~/.zsh/completions/_cairn",
    ])

  private static let man = Command(
    name: .man, usage: "[OPTIONS] [COMMAND]",
    summary: "Show a manual page, or write all of them into a directory.",
    details: """
      Prints the page of COMMAND, or without it that of cairn, as man reads it. With --directory, writes
      man1/cairn.1, a page for each command, and man5/cairn-settings.5 into DIR, which is made where there
      is none: a directory that man looks into, such as the one of the example.
      The pages say what the help does, and are the same bytes for the same version.
      """, options: [.directory], topics: [], operandCount: 0...1,
    examples: [
      "cairn man search | man -l -", "cairn man --directory ~/.local/share/man",
    ])

  private static let help = Command(
    name: .help, usage: "[TOPIC]", summary: "Show help for a command, the settings, or one setting.",
    details: """
      TOPIC is a command, settings for all of them, what settings are about (models, indexing, ...), or
      the name of a setting.
      """, options: [],
    topics: [], operandCount: 0...2, examples: ["cairn help search", "cairn help settings", "cairn help max_memory_mb"])
}
