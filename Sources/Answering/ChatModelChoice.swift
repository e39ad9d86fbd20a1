/// Which of the two configured models answers.
package enum ChatModelChoice {
  /// The model for code where at least half of the retrieved lines are code, else the general one; where one of them is
  /// not configured, the other. Nothing where neither is.
  package static func model(for passages: [Passage], code: String, general: String) -> String? {
    let lineCount = passages.reduce(0) { $0 + $1.lines.count }
    let codeLineCount = passages.reduce(0) { $0 + ($1.isProse ? 0 : $1.lines.count) }
    let names = codeLineCount * 2 >= lineCount ? [code, general] : [general, code]
    return names.first { !$0.isEmpty }
  }
}
