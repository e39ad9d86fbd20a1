/// Why a file that the walk saw is not in the index. The raw values are kept in catalogs and printed in reports: never
/// change the meaning of one.
package enum SkipReason: String, CaseIterable, Sendable {
  case ignored, hidden, vendored
  case tooLarge = "too-large"
  case binary, minified, generated, empty, unreadable
  /// A symbolic link: its target is walked where it lies, if that is inside the root, and left out otherwise unless such links
  /// are followed; then also a directory behind one that is walked by another way.
  case symbolicLink = "symbolic-link"
  /// A socket, a pipe or a device.
  case notRegular = "not-regular"
  /// A pointer of git-lfs: the file itself was not fetched.
  case lfsPointer = "lfs-pointer"
  /// It holds a key or a token, by its name or its content.
  case secret
  /// It comes after as many files as were asked for.
  case fileLimit = "file-limit"
}
