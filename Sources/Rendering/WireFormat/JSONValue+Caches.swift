package import Cairn
package import JSON

// The objects of `cairn cache` that `Docs/JSON.md` describes.

extension JSONValue {
  package static func cache(_ cache: CacheStatus) -> JSONValue {
    .object(
      [("type", .string("cache")), ("name", .string(cache.name))] + members("path", cache.path) + [
        ("entries", .integer(cache.entryCount)), ("hits", cache.hitCount.map { .integer($0) } ?? .null),
        ("misses", cache.missCount.map { .integer($0) } ?? .null), ("bytes", .integer(cache.byteCount)),
        ("limit_bytes", .integer(cache.byteLimit)),
      ])
  }

  package static func cacheAction(_ action: String, byteCount: Int, seconds: Double) -> JSONValue {
    .object([
      ("type", .string("cache_action")), ("action", .string(action)), ("bytes", .integer(byteCount)),
      ("seconds", .number(seconds)),
    ])
  }
}
