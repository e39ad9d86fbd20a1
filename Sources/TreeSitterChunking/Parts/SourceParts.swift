import Chunking
import Inspection

/// Files of one language that hold code of others: templates, and prose with code in fences. Scripts and styles in
/// pages are not among them: the grammars of HTML, Vue, Svelte and Astro find those (`EmbeddedText`).
enum SourceParts {
  /// The parts of such a file; nil for a language without any, and where there are none. Costs a search for the first
  /// mark.
  static func layout(of source: Span<UInt8>, in language: Language) -> SourceLayout? {
    switch language.name {
    case "markdown": FencedCode.layout(of: source)
    case "erb": TemplateTags.layout(of: source, code: "ruby")
    case "ejs": TemplateTags.layout(of: source, code: "javascript")
    case "heex": TemplateTags.layout(of: source, code: "elixir")
    case "jinja", "html": JinjaBlocks.layout(of: source)
    case "razor": RazorBlocks.layout(of: source)
    default: nil
    }
  }

  /// What lies between the parts of `others`, as one language.
  static func rest(_ byteCount: Int, around others: [Range<Int>], _ language: String) -> [SourceLayout.Part] {
    guard let language = Language.named(language) else { return [] }
    var parts: [SourceLayout.Part] = []
    var position = 0
    for other in others where other.lowerBound >= position {
      if other.lowerBound > position { parts.append(.init(bytes: position..<other.lowerBound, language: language)) }
      position = other.upperBound
    }
    if byteCount > position { parts.append(.init(bytes: position..<byteCount, language: language)) }
    return parts
  }
}
