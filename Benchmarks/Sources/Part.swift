/// One part of Cairn, made ready to be run by itself again and again on the same input.
struct Part {
  /// `chunk`, `postings`, ...
  let name: String
  /// What its cost is counted in: `file`, `byte`, `chunk`, `query`, ...
  let unit: String
  /// How many of them one run goes through.
  let itemCount: Int
  /// Bytes that one run reads or writes, whichever says more of it; nothing where neither says anything.
  var byteCount: Int?
  /// The work, the same each time, on the calling thread.
  let run: () throws -> Void
  /// Reads the bytes that the part has to read, and nothing else: its memory-bandwidth baseline.
  var floor: (() -> Void)?

  init(
    _ name: String, per unit: String, count itemCount: Int, byteCount: Int? = nil, floor: (() -> Void)? = nil,
    run: @escaping () throws -> Void
  ) {
    self.name = name
    self.unit = unit
    self.itemCount = itemCount
    self.byteCount = byteCount
    self.floor = floor
    self.run = run
  }
}

/// Keeps a result from being seen as useless by the optimiser.
@inline(never) func keep<Value>(_ value: Value) {}
