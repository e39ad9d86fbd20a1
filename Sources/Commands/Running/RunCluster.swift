import Cairn
import Cluster
import Disk
import Embedding
import JSON
import Primitives
import Registry
import Rendering
import Searching

/// `cairn cluster VERB`
func runCluster(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let words = arguments.operands.map { String(decoding: $0, as: UTF8.self) }
  guard let verb = ClusterRun.Verb(rawValue: words[0]) else {
    let verbs = ClusterRun.Verb.allCases.map(\.rawValue)
    let near = nearestName(to: words[0], in: verbs)
    throw CairnError(
      .invalidArgument,
      "cluster does not know \"\(words[0])\"; "
        + (near.map { "did you mean \"\($0)\"?" } ?? "it takes \(verbs.joined(separator: ", "))"))
  }
  var directory = arguments.operands.count > 1 ? arguments.operands[1] : nil
  var address: GitAddress?
  if let text = directory.map({ String(decoding: $0, as: UTF8.self) }),
    GitAddress.isMeant(by: text, isThere: { fileExists(FilePath($0)) })
  {
    guard verb == .enqueue else {
      throw CairnError(.invalidArgument, "\(verb.rawValue) takes a directory; an address goes with enqueue")
    }
    if arguments.has(.at) {
      throw CairnError(
        .invalidArgument, "the newest commit of an address is taken; --at names one of a clone that is there")
    }
    let meant = try GitAddress(text)
    let clones = try RepositoryClones(environment)
    if !arguments.has(.quiet) { tell("cairn: cloning \(safeText(meant.text))") }
    directory = try await offPool { context throws(Failure) in
      do throws(CairnError) { return try clones.make(meant, context).bytes } catch { throw Failure(error) }
    }
    address = meant
  }
  let invocation = try Invocation(arguments, directory: directory, environment: environment)
  let name = address.flatMap { RepositoryName.derived(from: $0.lastComponent) }.map { FilePath($0) }
  let opener = try asCairnError { () throws(Failure) in
    try StoreOpener(invocation.configuration.values, root: name ?? invocation.workspace.root.filePath)
  }
  guard let opener else {
    throw CairnError(
      .invalidArgument,
      "no store is named: say --store postgres://user@host/database or --store qdrant, or set \"store\" in your own "
        + "config.toml")
  }
  let run = ClusterRun(
    invocation: invocation, environment: environment, opener: opener, address: address, output: output)
  return try await run.perform(verb)
}

/// One command about a shared store.
private struct ClusterRun {
  enum Verb: String, CaseIterable {
    case push, pull, verify, enqueue, worker, status, pause, resume, retry, drain, list, remove
  }

  let invocation: Invocation
  let environment: Environment
  let opener: StoreOpener
  /// Of the repository whose clone the tree is, where one is named.
  let address: GitAddress?
  let output: Output

  func perform(_ verb: Verb) async throws(CairnError) -> Int32 {
    switch verb {
    case .push: try await push()
    case .pull: try await pull()
    case .verify: try await verify()
    case .enqueue: try await enqueue()
    case .worker: try await worker()
    case .status: try await status()
    case .pause: try await setPaused(true)
    case .resume: try await setPaused(false)
    case .retry: try await retry()
    case .drain: try await drain()
    case .list: try await list()
    case .remove: try await remove()
    }
  }

  private func push() async throws(CairnError) -> Int32 {
    let (session, opener) = (invocation.workspace.session, opener)
    let isQuiet = invocation.isQuiet
    let shows = !isQuiet && !invocation.printsJSON && invocation.terminal.errorIsTerminal
    let report = try await offPool { context throws(Failure) in
      var shown = -1
      return try session.push(to: opener, context) { event in
        switch event {
        case .waits:
          if !isQuiet { tell("cairn: another push into \(safeText(opener.collection)) is at work; waiting for it") }
        case .sent(let sent, let all):
          let percent = all == 0 ? 100 : 100 * sent / all
          if shows, percent != shown { tell("cairn: sent \(sent) of \(all) chunks") }
          shown = percent
        }
      }
    }
    if invocation.printsJSON {
      output.line(JSONValue.clusterPush(report, opener).line)
    } else if !invocation.isQuiet {
      output.line(
        "\(safeText(opener.collection)): sent \(countText(report.movedFileCount, "file")) with "
          + "\(countText(report.movedChunkCount, "chunk")) in \(durationText(report.seconds)), "
          + "\(report.unchangedFileCount) unchanged, \(report.removedFileCount) removed; it holds "
          + "\(countText(report.fileCount, "file")), \(countText(report.chunkCount, "chunk"))")
      if report.textlessFileCount > 0 {
        tell(
          "cairn: note: \(countText(report.textlessFileCount, "file")) went without text, changed since indexed; "
            + "`cairn index` and another push bring it")
      }
    }
    return ExitCode.done
  }

  private func pull() async throws(CairnError) -> Int32 {
    let (session, opener) = (invocation.workspace.session, opener)
    let report = try await invocation.withProgress { progress throws(CairnError) in
      try await offPool { context throws(Failure) in
        try session.pull(from: opener, context, progress: IndexProgress.handler(progress))
      }
    }
    if invocation.printsJSON {
      output.line(JSONValue.clusterPull(report, opener).line)
    } else if !invocation.isQuiet {
      output.line(
        "\(safeText(opener.collection)): took \(countText(report.movedFileCount, "file")) with "
          + "\(countText(report.movedChunkCount, "chunk")) in \(durationText(report.seconds)), "
          + "\(report.unchangedFileCount) unchanged, \(report.removedFileCount) removed; the index holds "
          + "\(countText(report.fileCount, "file")), \(countText(report.chunkCount, "chunk"))")
      if report.madeFileCount > 0 {
        tell(
          "cairn: note: \(countText(report.madeFileCount, "file")) that the store has not as they are here were "
            + "indexed here")
      }
      if report.differentFileCount > 0 {
        tell(
          "cairn: note: \(countText(report.differentFileCount, "file")) of the store did not come: this tree does not "
            + "have them as they are there")
      }
    }
    if !invocation.isQuiet { for failure in report.failures { tell("cairn: note: " + safeText(failure.description)) } }
    return ExitCode.done
  }

  private func verify() async throws(CairnError) -> Int32 {
    let (session, opener) = (invocation.workspace.session, opener)
    let comparison = try await offPool { context throws(Failure) in
      try session.compare(with: opener, deep: true, context)
    }
    if invocation.printsJSON {
      output.line(JSONValue.clusterComparison(comparison, opener).line)
    } else {
      let lists = [
        ("missing", comparison.missing), ("not here", comparison.surplus), ("different", comparison.different),
        ("unequal", comparison.unequal),
      ]
      for (name, paths) in lists {
        for path in paths { output.line("\(name)  \(safeText(path.description))") }
      }
      if comparison.isEqual, !invocation.isQuiet {
        output.line(
          "equal: \(countText(comparison.fileCount, "file")), \(countText(comparison.chunkCount, "chunk")), every one "
            + "with its terms and its vector")
      }
    }
    return comparison.isEqual ? ExitCode.done : ExitCode.error
  }

  private func list() async throws(CairnError) -> Int32 {
    let opener = opener
    let collections = try await offPool { context throws(Failure) in try opener.open(context).collections() }
    for collection in collections {
      output.line(
        invocation.printsJSON
          ? JSONValue.clusterCollection(collection).line : ClusterText.line(collection, invocation.style))
    }
    return collections.isEmpty ? ExitCode.nothingFound : ExitCode.done
  }

  private func remove() async throws(CairnError) -> Int32 {
    guard invocation.arguments.has(.yes) else {
      throw CairnError(
        .invalidArgument,
        "this removes the collection \(opener.collection) for all who search it; say --yes if that is meant")
    }
    let opener = opener
    try await offPool { context throws(Failure) in
      let store = try opener.open(context)
      try store.removeCollection(named: try opener.known(in: store).name)
    }
    if !invocation.isQuiet, !invocation.printsJSON { output.line("removed \(safeText(opener.collection))") }
    return ExitCode.done
  }

  // MARK: The queue

  private func number(_ meaning: Option.Meaning, _ name: String, in range: ClosedRange<Int>) throws(CairnError) -> Int?
  {
    guard let value = invocation.arguments.values(meaning).last else { return nil }
    let text = String(decoding: value, as: UTF8.self)
    guard let number = Int(text), range.contains(number) else {
      throw CairnError(
        .invalidArgument, "\(name) takes a number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
    }
    return number
  }

  private func enqueue() async throws(CairnError) -> Int32 {
    let (session, opener, address) = (invocation.workspace.session, opener, address?.text)
    let revision = address == nil ? try invocation.revision : "HEAD"
    let priority = try number(.priority, "--priority", in: -1000...1000) ?? 0
    let report = try await offPool { context throws(Failure) in
      try session.session(at: revision, context.cancellation)
        .enqueue(to: opener, address: address, priority: priority, filesPerTask: 16, context)
    }
    if invocation.printsJSON {
      output.line(JSONValue.clusterEnqueue(report, opener).line)
    } else if !invocation.isQuiet {
      output.line(
        "\(safeText(opener.collection)): \(countText(report.taskCount, "task")) with "
          + "\(countText(report.fileCount, "file")) in the queue, \(report.unchangedFileCount) unchanged, "
          + "\(report.removedFileCount) removed")
    }
    return ExitCode.done
  }

  private func worker() async throws(CairnError) -> Int32 {
    let (session, opener) = (invocation.workspace.session, opener)
    var options = ClusterWorker.Options()
    options.batch = try number(.inFlight, "--in-flight", in: 1...1000) ?? options.batch
    options.endsWhenEmpty = invocation.arguments.has(.once)
    if opener.namesCollection { options.collection = opener.collection }
    if invocation.arguments.has(.withClone) {
      let clones = try RepositoryClones(environment)
      options.clone = { address, commit throws(Failure) in
        do throws(CairnError) {
          return try clones.make(GitAddress(address), at: commit, SearchContext()).filePath
        } catch { throw Failure(error) }
      }
    }
    invocation.tellDisclosure()
    Signals.stopGently()
    let (isQuiet, printsJSON, lines, given) = (invocation.isQuiet, invocation.printsJSON, WorkerLines(output), options)
    try await offPool { _ throws(Failure) in
      let worker = try ClusterWorker(session, opener: opener, options: given, isStopping: { Signals.isStopping }) {
        event in
        if printsJSON {
          lines.write(JSONValue.clusterEvent(event).line)
        } else if let line = ClusterText.line(event), !isQuiet {
          tell("cairn: " + safeText(line))
        }
      }
      try worker.run()
    }
    return ExitCode.done
  }

  private func status() async throws(CairnError) -> Int32 {
    guard invocation.arguments.has(.watch) else { return try await showStatus().code }
    Signals.stopGently()
    while true {
      let (code, isEmpty) = try await showStatus()
      output.flush()
      if isEmpty { return code }
      for _ in 0..<20 {
        if Signals.isStopping { return code }
        try? await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  private func showStatus() async throws(CairnError) -> (code: Int32, isEmpty: Bool) {
    let opener = opener
    let (status, dead) = try await offPool { context throws(Failure) in
      let (queue, collection) = try opener.queue(context)
      return (try queue.status(of: collection), try queue.dead(collection, limit: 100))
    }
    if invocation.printsJSON {
      output.line(JSONValue.clusterStatus(status, dead: dead, opener).line)
    } else {
      for line in ClusterText.lines(status, dead, of: opener.collection, invocation.style) { output.line(line) }
    }
    return (status.deadCount > 0 ? ExitCode.error : ExitCode.done, status.openCount == 0)
  }

  private func setPaused(_ isPaused: Bool) async throws(CairnError) -> Int32 {
    let opener = opener
    try await offPool { context throws(Failure) in
      let (queue, collection) = try opener.queue(context)
      try queue.setPaused(isPaused, collection)
    }
    return ExitCode.done
  }

  private func retry() async throws(CairnError) -> Int32 {
    let opener = opener
    let count = try await offPool { context throws(Failure) in
      let (queue, collection) = try opener.queue(context)
      return try queue.retry(collection)
    }
    if !invocation.isQuiet { output.line("\(countText(count, "task")) in the queue again") }
    return ExitCode.done
  }

  private func drain() async throws(CairnError) -> Int32 {
    let opener = opener
    let shows = !invocation.isQuiet && !invocation.printsJSON
    let status = try await offPool { context throws(Failure) in
      try opener.drain(context) { status in if shows { tell("cairn: " + ClusterText.summary(status)) } }
    }
    if invocation.printsJSON { output.line(JSONValue.clusterStatus(status, dead: [], opener).line) }
    return status.deadCount > 0 ? ExitCode.error : ExitCode.done
  }
}

extension Failure {
  fileprivate init(_ error: CairnError) {
    self.init(
      Code(rawValue: error.code.rawValue), error.message, path: error.path?.filePath, cause: error.cause)
  }
}

private func offPool<Value: Sendable>(
  _ body: @escaping @Sendable (SearchContext) throws(Failure) -> Value
) async throws(CairnError) -> Value {
  do { return try await onBlockingThread(timeLimit: nil, body).get() } catch { throw CairnError(error) }
}

/// What `cairn status` says of the collection that answers searches in place of the tree's index.
func tellStoreStatus(_ invocation: Invocation, _ output: Output) async throws(CairnError) {
  let opener = try asCairnError { () throws(Failure) in
    try StoreOpener(invocation.configuration.values, root: invocation.workspace.root.filePath)
  }
  guard let opener else { return }
  let (collection, gaps) = try await offPool { context throws(Failure) in try opener.state(context) }
  if invocation.printsJSON {
    output.line(JSONValue.clusterCollection(collection, gaps: gaps).line)
  } else {
    for line in ClusterText.lines(collection, gaps, at: opener.address, invocation.style) { output.line(line) }
  }
}

/// The output, for the thread of a worker.
// `@unchecked Sendable`: while the worker runs nobody else writes.
private struct WorkerLines: @unchecked Sendable {
  private let output: Output
  init(_ output: Output) { self.output = output }

  func write(_ line: String) {
    output.line(line)
    output.flush()
  }
}
