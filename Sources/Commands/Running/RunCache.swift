import Cairn
import JSON
import Primitives
import Rendering

/// `cairn cache stats|clear|warm`
func runCache(_ arguments: ParsedArguments, _ environment: Environment, _ output: Output) throws(CairnError) -> Int32 {
  let word = arguments.operands.first.map { String(decoding: $0, as: UTF8.self) } ?? "stats"
  let actions = ["stats", "clear", "warm"]
  guard actions.contains(word) else {
    let near = nearestName(to: word, in: actions)
    throw CairnError(
      .invalidArgument,
      "cache does not know \"\(word)\"; "
        + (near.map { "did you mean \"\($0)\"?" } ?? "it takes stats, clear or warm"))
  }
  let invocation = try Invocation(arguments, environment: environment)
  let workspace = invocation.workspace
  var freed = 0
  var read = 0
  let began = ContinuousClock.now
  if word == "clear" {
    let before = try workspace.caches().first { $0.name == "embeddings" }
    try workspace.clearCaches()
    freed = before?.byteCount ?? 0
  } else if word == "warm" {
    read = try workspace.warmCaches()
  }
  let seconds = (ContinuousClock.now - began).seconds
  let caches = try workspace.caches()
  if invocation.printsJSON {
    for cache in caches { output.line(JSONValue.cache(cache).line) }
    if word == "clear" { output.line(JSONValue.cacheAction("cleared", byteCount: freed, seconds: seconds).line) }
    if word == "warm" { output.line(JSONValue.cacheAction("warmed", byteCount: read, seconds: seconds).line) }
    return ExitCode.done
  }
  if invocation.isQuiet, word != "stats" { return ExitCode.done }
  if word == "clear" { output.line("kept embeddings are gone: \(byteText(freed))") }
  if word == "warm" { output.line("the index was read into memory: \(byteText(read)) in \(durationText(seconds))") }
  for cache in caches { output.line(CacheText.line(cache, style: invocation.style)) }
  return ExitCode.done
}

/// What a cache holds, for people.
private enum CacheText {
  static func line(_ cache: CacheStatus, style: Style) -> String {
    let name = style.bold(cache.name) + String(repeating: " ", count: max(1, 13 - cache.name.count))
    if cache.name == "index" {
      if cache.entryCount == 0 { return name + "there is no index yet; run `cairn index`" }
      let share = cache.byteLimit > 0 ? 100 * Double(cache.byteCount) / Double(cache.byteLimit) : 0
      return name + "\(byteText(cache.byteCount)) of \(byteText(cache.byteLimit)) in memory (\(fixed(share, 0)) %), "
        + countText(cache.entryCount, "segment")
    }
    if cache.entryCount == 0, cache.hitCount ?? 0 == 0, cache.missCount ?? 0 == 0 {
      return name + "empty; filled by models that are slower than a look-up, up to \(mebibyteText(cache.byteLimit))"
    }
    let size = "\(mebibyteText(cache.byteCount)) of \(mebibyteText(cache.byteLimit))"
    var text = "\(countText(cache.entryCount, "embedding")), \(size)"
    if let hits = cache.hitCount, let misses = cache.missCount {
      text += "; \(hits) hits, \(misses) misses" + (cache.hitRate.map { " (\(fixed(100 * $0, 1)) %)" } ?? "")
    }
    return name + text
  }
}
