import CMapGuard

/// The maps through which a library shares one file with other processes, guarded together: where the file is cut in place, or a
/// page of it cannot be read, all of them become memory of this process alone, in which zeros stand, and `isCut` says so from
/// then on. Whoever used them must look afterwards, and throw away what came of it. Thread-safe.
@safe package final class SharedMaps: Sendable {
  private let group: Int32

  /// Holds one of 1024 places for as long as it lives; without one `add` refuses.
  package init() { group = cmapguard_begin_group() }

  /// Whether zeros stand in place of the file, or did. Costs nanoseconds.
  package var isCut: Bool { cmapguard_is_group_cut(group) }

  /// Guards `count` bytes from `start` on, which begin at a page, and gives a number for `remove`; nothing where that is refused.
  ///
  /// - Parameter isFirst: they are the first of the file.
  @unsafe package func add(_ start: UnsafeRawPointer, _ count: Int, isFirst: Bool) -> Int32? {
    let number = unsafe cmapguard_add_to_group(group, start, count, isFirst)
    return number >= 0 ? number : nil
  }

  /// Ends the guarding of a map that is about to go.
  package static func remove(_ number: Int32) { cmapguard_remove(number) }

  deinit { cmapguard_end_group(group) }
}
