import Primitives
import Testing

@Suite struct NearestNameTests {
  private static let names = [
    "limit", "context", "max_memory_mb", "threads", "embedding_model", "index_dir", "max_file_bytes", "precision",
    "device", "batch_size", "caching", "parallel", "file_limit", "follow_links",
  ]

  @Test(arguments: [
    ("limt", "limit"), ("ilmit", "limit"), ("limits", "limit"), ("LIMIT", "limit"), ("max_memory_m", "max_memory_mb"),
    ("contxet", "context"),
  ])
  func `a slip of the keyboard is understood`(_ typed: String, _ meant: String) {
    #expect(nearestName(to: typed, in: Self.names) == meant)
  }

  @Test(arguments: ["", "zebra", "xyzzy", "l", String(repeating: "limit", count: 1000)])
  func `nothing is guessed where nothing is near`(_ typed: String) {
    #expect(nearestName(to: typed, in: Self.names) == nil)
  }
}
