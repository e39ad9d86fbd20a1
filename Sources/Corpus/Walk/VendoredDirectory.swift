import Disk
import Primitives

/// Tells directories of other people's code from one's own, by names that nobody uses for anything else or by evidence
/// inside. In doubt it is one's own: to lose real source is worse than to index some extra.
package enum VendoredDirectory {
  /// Whether the last component of `name`, a path relative to the root of the corpus, says it.
  package static func isVendored(name: [UInt8]) -> Bool {
    let start = (name.lastIndex(of: .slash) ?? -1) + 1
    let last = name[start...]
    if names.contains(where: last.elementsEqual) { return true }
    return last.elementsEqual(checkouts)
      && (name.elementsEqual(carthage)
        || name.suffix(carthage.count + 1)
          .elementsEqual([.slash] + carthage))
  }

  /// Whether what lies in the directory at `path` says it: a Python virtual environment, the `vendor` of a package
  /// manager, or the tag that programs put into their caches.
  static func isVendored(path: [UInt8], entries: [DirectoryEntry], directory: OpenDirectory) -> Bool {
    isVendored(path: path) { name in
      entries.contains { $0.name == name }
    } content: { name, limit in
      try? directory.readFile(name, limit: limit).bytes
    }
  }

  /// The same of a directory wherever it is kept.
  ///
  /// - Parameters:
  ///   - holds: whether there is an entry of that name in it.
  ///   - content: that of a file in it, if it has no more than so many bytes and can be read.
  static func isVendored(
    path: [UInt8], holds: (FilePath) -> Bool, content: (_ name: FilePath, _ limit: Int) -> [UInt8]?
  ) -> Bool {
    if holds("pyvenv.cfg") { return true }
    if path.suffix(from: (path.lastIndex(of: .slash) ?? -1) + 1).elementsEqual("vendor".utf8) {
      if holds("modules.txt") || holds("autoload.php") || holds("bundle") { return true }
    }
    guard holds(cacheTagName), let tag = content(cacheTagName, 64_000) else { return false }
    return tag.starts(with: Array("Signature: 8a477f597d28d172789f06886806bc55".utf8))
  }

  /// Of the tag that programs put into their caches.
  static let cacheTagName: FilePath = "CACHEDIR.TAG"
  private static let names = [
    "node_modules", "bower_components", "jspm_packages", "Pods", "site-packages", "dist-packages",
  ].map { Array($0.utf8) }
  private static let carthage = Array("Carthage/Checkouts".utf8)
  private static let checkouts = Array("Checkouts".utf8)
}
