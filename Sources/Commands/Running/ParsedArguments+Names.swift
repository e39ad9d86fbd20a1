import Cairn
import Rendering

extension ParsedArguments {
  /// The languages that an option names, in small letters. Throws where one is none.
  func languages(_ meaning: Option.Meaning, _ spelling: String) throws(CairnError) -> [String] {
    try names(meaning, spelling).map { name throws(CairnError) in
      if let mistake = SearchRequest.languageMistake(name) {
        throw CairnError(.invalidArgument, "\(spelling): \(mistake)")
      }
      return name.lowercased()
    }
  }

  /// The values of an option that takes several with commas between them. Throws where one use has none.
  func names(_ meaning: Option.Meaning, _ spelling: String) throws(CairnError) -> [String] {
    var names: [String] = []
    for value in values(meaning) {
      let list = String(decoding: value, as: UTF8.self).split { $0 == "," || $0 == " " }.map(String.init)
      if list.isEmpty { throw CairnError(.invalidArgument, "\(spelling) takes a name, or several with commas between") }
      names += list
    }
    return names
  }
}
