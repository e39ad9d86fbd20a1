import Catalog
package import Primitives
import Segments

/// Reads every byte of the index in `directory` and gives what is wrong with it; empty for a sound one. Blocks for as long as the
/// reading takes. Throws only where there is no index.
package func verifyIndex(directory: FilePath) throws(Failure) -> [Failure] {
  try verifyIndex(IndexSite(directory))
}

/// The same of the index at `site`.
package func verifyIndex(_ site: IndexSite) throws(Failure) -> [Failure] {
  let index = try site.open()
  var problems: [Failure] = []
  do {
    let catalog = try index.catalog(.reading)
    try catalog.verify()
    for record in try catalog.snapshot().segments {
      do {
        try index.open(record).verify()
      } catch {
        problems.append(error)
      }
    }
  } catch  where error.code != .notFound {
    problems.append(error)
  }
  return problems
}
