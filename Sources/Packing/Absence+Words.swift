package import Cairn
import Rendering

extension SearchResponse.Absence {
  /// What is nowhere, with the file outside of the filters that has it, or what is near.
  package var words: String {
    let words = "\(kind) \(safeText(shortened(text, to: 100)))"
    if let elsewhere { return words + " (but outside of the filters, in \(safeText(elsewhere.description)))" }
    if nearNames.isEmpty { return words }
    return words + "; near: " + nearNames.prefix(5).map { safeText(shortened($0, to: 80)) }.joined(separator: ", ")
  }
}
