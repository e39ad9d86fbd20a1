import Chunking

extension LanguageRules {
  static let markdown = LanguageRules(
    definitions: [
      Definition("section", .section, name: .code(markdownHeading)),
      Definition("setext_heading", .section, name: .code(underlinedHeading), inside: .following),
    ],
    leaves: ["paragraph", "fenced_code_block", "atx_heading"])

  private static func markdownHeading(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let heading = node.namedChild(0), heading.isType("atx_heading"),
      let text = heading.child("heading_content")
    else { return [] }
    return [FoundName(text, source)]
  }

  private static func underlinedHeading(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let text = node.child("heading_content") else { return [] }
    var found = FoundName(text, source)
    found.level = node.child(ofType: "setext_h1_underline") == nil ? 2 : 1
    return [found]
  }

  static let restructuredText = LanguageRules(
    definitions: [Definition("section", .section, name: .code(underlinedTitle), inside: .following)],
    bodies: [],
    leaves: ["paragraph"])

  /// The level goes by the character of the underline, in the order in which most authors use them.
  private static func underlinedTitle(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let title = node.child(ofType: "title") else { return [] }
    var found = FoundName(title, source)
    let order = Array("#*=-~^\"'`:+.".utf8)
    let mark = node.end > 0 ? source[max(node.start, node.end - 1)] : 0
    found.level = order.firstIndex(of: mark) ?? order.count
    return [found]
  }

  static let latex = LanguageRules(
    definitions: ["part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph"].map {
      Definition($0, .section, name: .code(latexHeading))
    } + [
      Definition("new_command_definition", .macro, name: .code(latexCommand)),
      Definition("environment_definition", .macro, name: .descendant(["word"])),
    ],
    containers: ["generic_environment"])

  private static func latexHeading(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let group = node.child("text"), group.end - group.start > 2 else { return [] }
    return [FoundName(source.name((group.start + 1)..<(group.end - 1)), row: group.startRow)]
  }

  private static func latexCommand(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let declaration = node.child("declaration") else { return [] }
    return [FoundName(declaration.child("command") ?? declaration, source)]
  }

  static let typst = LanguageRules(
    definitions: [
      Definition(
        "section", .section,
        name: .code { node, source in
          node.namedChild(0).flatMap { $0.isType("heading") ? $0.namedChild(0) : nil }.map { [FoundName($0, source)] }
            ?? []
        }),
      Definition("let", .function, name: .descendant(["ident"])),
    ],
    bodies: ["content"])

  /// Elements with an identifier, scripts, styles and templates.
  static let html = LanguageRules(
    definitions: [
      Definition("element", .section, name: .code(htmlElement)),
      Definition("script_element", .section, name: .code(htmlBlock)),
      Definition("style_element", .section, name: .code(htmlBlock)),
      Definition("template_element", .section, name: .code(htmlBlock)),
    ],
    containers: ["element", "frontmatter", "if_statement", "each_statement", "await_statement", "key_statement"],
    embeddings: ["raw_text", "frontmatter_js_block"])

  private static func htmlBlock(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let tag = node.namedChild(0), let name = tag.child(ofType: "tag_name") else { return [] }
    return [FoundName(name, source)]
  }

  private static func htmlElement(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let tag = node.namedChild(0) else { return [] }
    for attribute in tag.firstNamedChildren where attribute.isType("attribute") {
      guard let name = attribute.namedChild(0), source.equals(name.bytes, "id"), let value = attribute.namedChild(1)
      else { continue }
      return [FoundName(value.child(ofType: "attribute_value") ?? value, source)]
    }
    return []
  }

  /// Elements near the root, by their `name` or `id` or else by their tag.
  static let xml = LanguageRules(
    definitions: [Definition("element", .section, name: .code(xmlElement), maximumDepth: 1)],
    containers: ["element"],
    bodies: ["content"])

  private static func xmlElement(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let tag = node.child(ofType: "STag", "EmptyElemTag"), let tagName = tag.child(ofType: "Name") else {
      return []
    }
    for attribute in tag.firstNamedChildren where attribute.isType("Attribute") {
      guard let name = attribute.namedChild(0), let value = attribute.namedChild(1), value.end - value.start > 2,
        source.equals(name.bytes, "name") || source.equals(name.bytes, "id")
      else { continue }
      return [FoundName(source.name((value.start + 1)..<(value.end - 1)), row: value.startRow)]
    }
    return [FoundName(tagName, source)]
  }

  static let css = LanguageRules(
    definitions: [
      Definition("rule_set", .rule, name: .child(["selectors"]), inside: .members, maximumDepth: 3),
      Definition("keyframes_statement", .rule, name: .child(["keyframes_name"])),
      Definition("mixin_statement", .function),
      Definition("function_statement", .function),
      Definition("declaration", .variable, name: .code(styleVariable)),
    ],
    containers: ["media_statement", "supports_statement", "layer_statement", "container_statement"],
    bodies: ["keyframe_block_list"])

  /// `$accent: red` and `--accent: red`.
  private static func styleVariable(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let name = node.namedChild(0),
      source.begins(name.bytes, with: "$") || source.begins(name.bytes, with: "--")
    else { return [] }
    return [FoundName(name, source)]
  }
}
