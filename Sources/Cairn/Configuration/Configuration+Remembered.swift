import IndexStorage
import Indexing
import Primitives
import Settings

extension Configuration {
  /// Sets what was kept with the index in `site`, but for what this command line or a program says itself. Throws
  /// `damaged` where that cannot be read.
  mutating func recall(from site: IndexSite) throws(Failure) {
    let directory: IndexDirectory
    do throws(Failure) { directory = try site.open() } catch { return }
    values.recall(try directory.options())
  }

  /// Keeps what this command line says, and what others said before it, with the index in `site`, which is made where
  /// there is none.
  func remember(in site: IndexSite) throws(Failure) {
    guard let lines = values.linesToRemember else { return }
    try site.make().keep(options: lines)
  }
}
