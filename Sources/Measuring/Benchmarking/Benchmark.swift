import Cairn
import Catalog
import Corpus
import Disk
import Embedding
import IndexStorage
import Indexing
import JSON
import ModelOpening
import Primitives
import Retrieval
import Searching
import Segments
import Settings
import TreeSitterChunking

/// One benchmark, on the thread that calls `run`.
struct Benchmark {
  private let workspace: Workspace
  private let request: BenchmarkRequest
  private let program: FilePath
  private let scratch: ScratchDirectory
  private let index: FilePath
  private let progress: (@Sendable (String) -> Void)?

  /// Sampled queries, and the most given ones that are asked of processes of their own.
  private static let queryCount = 40
  /// How often each query is asked in a warm process in each round.
  private static let warmRepetitions = 5
  private static let indexingLimit = Duration.seconds(30)

  init(
    _ workspace: Workspace, _ request: BenchmarkRequest, environment: Environment,
    progress: (@Sendable (String) -> Void)?
  ) throws(Failure) {
    self.workspace = workspace
    self.request = request
    self.progress = progress
    if let named = request.program { program = named.filePath } else { program = try readLink("/proc/self/exe") }
    scratch = try ScratchDirectory(named: "cairn-bench", in: environment.absolutePath("TMPDIR"))
    index = scratch.path.appending("index")
  }

  func run() throws(Failure) -> BenchmarkReport {
    progress?("indexing, and reading and parsing alone")
    let (runs, parses) = try indexRuns()
    let held = try StoredIndex(directory: index).status()
    guard held.fileCount > 0 else {
      throw Failure(
        .invalidArgument, "no file here is indexed, so there is nothing to measure; name another directory",
        path: workspace.root.filePath)
    }
    var report = BenchmarkReport(
      root: workspace.root, fileCount: held.fileCount, chunkCount: held.chunkCount, segmentCount: held.segmentCount,
      indexing: try indexing(runs), readAndParseSeconds: Spread(of: parses), unchangedSeconds: Spread(of: []),
      changedFileSeconds: Spread(of: []),
      coldSearch: .init(seconds: Spread(of: []), secondsWithUpdate: Spread(of: []), memory: PeakMemory()),
      warmSearch: .init(seconds: Spread(of: []), memory: PeakMemory()),
      size: .init(source: 0, catalog: held.catalogByteCount, segments: held.segmentByteCount), queryCount: 0)
    report.size.source = try sourceByteCount()
    let queries = try queries()
    report.queryCount = queries.count

    progress?("an index run with nothing changed")
    report.unchangedSeconds = Spread(of: try repeated { () throws(Failure) in try cairn("index", ["--json"]).seconds })
    let asked = Array(queries.prefix(Self.queryCount))
    if let first = asked.first?.text {
      progress?("one file changed, then searched")
      report.changedFileSeconds = Spread(
        of: try repeated { () throws(Failure) in
          try makeOneFileChange()
          return try search(first, ["--json"]).seconds
        })
      progress?("searches by processes of their own")
      report.coldSearch = try coldSearch(asked)
      progress?("searches in one process")
      report.warmSearch = try warmSearch(queries, quality: &report.quality)
    }
    return report
  }

  private func repeated(_ body: () throws(Failure) -> Double) throws(Failure) -> [Double] {
    var seconds: [Double] = []
    for _ in 0..<max(1, request.rounds) { seconds.append(try body()) }
    return seconds
  }

  // MARK: Indexing

  /// Index runs, and the seconds of reading and parsing alone, turn by turn: what else the machine does meanwhile meets
  /// both.
  private func indexRuns() throws(Failure) -> (runs: [ProgramRun], parses: [Double]) {
    var runs: [ProgramRun] = []
    var parses: [Double] = []
    let began = ContinuousClock.now
    repeat {
      ScratchDirectory.remove(index)
      runs.append(try cairn("index", ["--json", "--timings"], samplesMemory: true))
      parses.append(try readAndParse())
    } while runs.count < request.rounds && began.duration(to: .now) < Self.indexingLimit
    // The searches' memory is measured in this process: what the parses leave to the allocator is not theirs.
    ProcessMemory.returnFreeMemory()
    return (runs, parses)
  }

  private func readAndParse() throws(Failure) -> Double {
    let options = workspace.session.indexingOptions(rebuild: false, for: .builtIn)
    let parser = TreeSitterParser()
    return try ReadingAndParsing.measure(
      root: workspace.root.filePath, options: options.walk,
      threadCount: options.threadCount > 0 ? options.threadCount : coreCount
    ) { parser.parse($0, in: $1) }.seconds
  }

  private func indexing(_ runs: [ProgramRun]) throws(Failure) -> BenchmarkReport.Indexing {
    var memory = PeakMemory()
    for run in runs { memory.formMaximum(run.memory) }
    let report = try JSONValue(parsing: runs[runs.count - 1].output)
    return BenchmarkReport.Indexing(
      seconds: Spread(of: runs.map(\.seconds)), processorSeconds: Spread(of: runs.map(\.processorSeconds)),
      memory: memory,
      stageTimes: (report["stages"]?.array ?? []).compactMap { stage in
        guard let name = stage["stage"]?.string, let seconds = stage["seconds"]?.number else { return nil }
        return IndexReport.StageTime(stage: name, seconds: seconds)
      })
  }

  private func sourceByteCount() throws(Failure) -> Int {
    var count = 0
    try StoredIndex(directory: index).forEachFile { file in
      if case .indexed = file.state { count += file.fingerprint.byteCount }
    }
    return count
  }

  /// Makes the index believe that a file of the middle size had another content when it was read. The tree is not ours
  /// to write in, and the work is the same: the walk finds it, it is read, parsed, embedded, written as a segment,
  /// committed.
  private func makeOneFileChange() throws(Failure) {
    let held = StoredIndex(directory: index)
    var files: [(byteCount: Int, path: FilePath)] = []
    try held.forEachFile { file in
      if case .indexed = file.state { files.append((file.fingerprint.byteCount, file.path)) }
    }
    files.sort { ($0.byteCount, $0.path) < ($1.byteCount, $1.path) }
    if !files.isEmpty { try held.distrust(files[files.count / 2].path) }
  }

  // MARK: Searching

  private func queries() throws(Failure) -> [JudgedQuery] {
    if !request.queries.isEmpty { return request.queries }
    return QuerySampler(try StoredIndex(directory: index).snapshot(), seed: request.seed).queries(Self.queryCount)
      .map { JudgedQuery($0) }
  }

  private func coldSearch(_ queries: [JudgedQuery]) throws(Failure) -> BenchmarkReport.ColdSearch {
    var asIs: [Double] = []
    var updated: [Double] = []
    var memory = PeakMemory()
    for round in 0..<max(1, request.rounds) {
      for query in queries {
        asIs.append(try search(query.text, ["--json", "--no-update"]).seconds)
        updated.append(try search(query.text, ["--json"]).seconds)
        if round == 0 {
          memory.formMaximum(try search(query.text, ["--json", "--no-update"], samplesMemory: true).memory)
        }
      }
    }
    return BenchmarkReport.ColdSearch(
      seconds: Spread(of: asIs), secondsWithUpdate: Spread(of: updated), memory: memory)
  }

  private func warmSearch(
    _ queries: [JudgedQuery], quality: inout RankingQuality?
  ) throws(Failure) -> BenchmarkReport.WarmSearch {
    let searcher = Searcher(
      snapshot: try StoredIndex(directory: index).snapshot(), embedder: try workspace.session.indexingModel().embedder,
      root: workspace.root.filePath)
    var seconds: [Double] = []
    var measures: [RankingMeasure] = []
    for query in queries {
      var request = SearchRequest(query.text)
      request.limit = max(10, workspace.configuration.limit)
      request.contextLineCount = workspace.configuration.contextLineCount
      let results = try searcher.search(workspace.query(request)).results
      if !query.places.isEmpty {
        let found = results.map { (path: Path($0.path), lines: $0.lines) }
        measures.append(RankingMeasure(of: found, places: query.places, by: .lines))
      }
      for _ in 0..<max(1, self.request.rounds) * Self.warmRepetitions {
        let began = ContinuousClock.now
        _ = try searcher.search(workspace.query(request))
        seconds.append(began.duration(to: .now) / .seconds(1))
      }
    }
    if !measures.isEmpty { quality = RankingQuality(measures) }
    return BenchmarkReport.WarmSearch(
      seconds: Spread(of: seconds), memory: PeakMemory.ofProcess("self") ?? PeakMemory())
  }

  // MARK: The program

  private func search(
    _ query: String, _ options: [String], samplesMemory: Bool = false
  ) throws(Failure) -> ProgramRun {
    try cairn("search", options, ["--", query], samplesMemory: samplesMemory)
  }

  /// Runs `cairn` on the tree and the temporary index, with the settings that came from a command line or a program: in
  /// the environment, which every command reads. The others it finds by itself.
  private func cairn(
    _ command: String, _ options: [String], _ words: [String] = [], samplesMemory: Bool = false
  ) throws(Failure) -> ProgramRun {
    var variables: [String: [UInt8]] = [:]
    for entry in workspace.configuration.values.entries where entry.setting != .indexDirectory {
      switch entry.origin {
      case .flag, .program: variables[entry.setting.environmentVariable] = entry.value.bytes
      default: continue
      }
    }
    var arguments = [Array(command.utf8)] + options.map { Array($0.utf8) }
    arguments += [Array("--root".utf8), workspace.root.bytes, Array("--index-dir".utf8), index.bytes]
    return try ProgramRun(
      program, arguments + words.map { Array($0.utf8) }, variables: variables, scratch: scratch.path,
      samplesMemory: samplesMemory)
  }
}
