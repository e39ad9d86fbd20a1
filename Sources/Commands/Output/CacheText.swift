import Cairn
import Rendering

/// What a cache holds, for people.
enum CacheText {
  static func line(_ cache: CacheStatus, style: Style) -> String {
    let name = style.bold(cache.name) + String(repeating: " ", count: max(1, 13 - cache.name.count))
    if cache.name == "index" {
      if cache.entryCount == 0 { return name + "there is no index yet; run `cairn index`" }
      let share = cache.byteLimit > 0 ? 100 * Double(cache.byteCount) / Double(cache.byteLimit) : 0
      return name + "\(byteText(cache.byteCount)) of \(byteText(cache.byteLimit)) in memory (\(fixed(share, 0)) %), "
        + countText(cache.entryCount, "segment")
    }
    if cache.entryCount == 0, cache.hitCount ?? 0 == 0, cache.missCount ?? 0 == 0 {
      return name + "empty; filled by models that are slower than a look-up, up to \(byteText(cache.byteLimit))"
    }
    var text =
      "\(countText(cache.entryCount, "embedding")), \(byteText(cache.byteCount)) of \(byteText(cache.byteLimit))"
    if let hits = cache.hitCount, let misses = cache.missCount {
      text += "; \(hits) hits, \(misses) misses" + (cache.hitRate.map { " (\(fixed(100 * $0, 1)) %)" } ?? "")
    }
    return name + text
  }
}
