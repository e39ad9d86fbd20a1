import Chunking
import Primitives

extension LanguageRules {
  /// The outer keys of a document are its symbols.
  static let json = LanguageRules(
    definitions: [
      Definition("pair", .property, name: .code(jsonKey), inside: .members, maximumDepth: 1)
    ],
    bodies: ["object", "array"])

  private static func jsonKey(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let key = node.child("key") else { return [] }
    return [FoundName(key.child(ofType: "string_content") ?? key, source)]
  }

  static let yaml = LanguageRules(
    definitions: [
      Definition("block_mapping_pair", .property, name: .code(yamlKey), inside: .members, maximumDepth: 1)
    ],
    bodies: ["document", "block_node", "block_mapping", "block_sequence", "flow_node"])

  private static func yamlKey(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let key = node.child("key") else { return [] }
    var bytes = key.bytes
    if bytes.count > 2, source[bytes.lowerBound] == .doubleQuote || source[bytes.lowerBound] == .singleQuote {
      bytes = (bytes.lowerBound + 1)..<(bytes.upperBound - 1)
    }
    return [FoundName(source.name(bytes), row: key.startRow)]
  }

  static let toml = LanguageRules(
    definitions: [
      Definition("table", .section, name: .child(["bare_key", "dotted_key", "quoted_key"])),
      Definition("table_array_element", .section, name: .child(["bare_key", "dotted_key", "quoted_key"])),
      Definition(
        "pair", .property, name: .child(["bare_key", "dotted_key", "quoted_key"]), inside: .data, maximumDepth: 1),
    ])

  static let ini = LanguageRules(
    definitions: [
      Definition("section", .section, name: .descendant(["text"])),
      Definition("setting", .property, name: .child(["setting_name"])),
    ])

  static let properties = LanguageRules(definitions: [Definition("property", .property, name: .child(["key"]))])

  static let hcl = LanguageRules(
    definitions: [
      Definition("block", .section, name: .code(hclBlock), maximumDepth: 1),
      Definition("attribute", .property, name: .child(["identifier"]), maximumDepth: 0),
    ])

  /// `resource "aws_instance" "web"` is called `aws_instance.web`; a block without labels goes by its type.
  private static func hclBlock(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let type = node.child(ofType: "identifier") else { return [] }
    var labels: [String] = []
    for child in node.firstNamedChildren.dropFirst() {
      if child.isType("string_lit"), let text = child.child(ofType: "template_literal") {
        labels.append(source.name(text.bytes))
      } else if child.isType("identifier") {
        labels.append(source.name(child.bytes))
      } else {
        break
      }
    }
    return [FoundName(labels.isEmpty ? source.name(type.bytes) : labels.joined(separator: "."), row: type.startRow)]
  }

  static let proto = LanguageRules(
    definitions: [
      Definition("message", .type, name: .child(["message_name"])),
      Definition("enum", .enumeration, name: .child(["enum_name"])),
      Definition("enum_field", .constant, name: .child(["identifier"])),
      Definition("service", .interface, name: .child(["service_name"])),
      Definition("rpc", .method, name: .child(["rpc_name"])),
      Definition("field", .property, name: .child(["identifier"])),
      Definition("map_field", .property, name: .child(["identifier"])),
      Definition("oneof_field", .property, name: .child(["identifier"])),
      Definition("extend", nil, name: .child(["full_ident"])),
    ],
    containers: ["oneof"])

  static let thrift = LanguageRules(
    definitions: [
      Definition("struct_definition", .type, name: .child(["identifier"])),
      Definition("union_definition", .type, name: .child(["identifier"])),
      Definition("exception_definition", .type, name: .child(["identifier"])),
      Definition("enum_definition", .enumeration, name: .child(["identifier"])),
      Definition("typedef_definition", .type, name: .child(["typedef_identifier", "identifier"])),
      Definition("service_definition", .interface, name: .child(["identifier"])),
      Definition("function_definition", .method, name: .child(["identifier"])),
      Definition("const_definition", .constant, name: .child(["identifier"])),
    ])

  static let graphQL = LanguageRules(
    definitions: [
      Definition("object_type_definition", .type, name: .child(["name"])),
      Definition("input_object_type_definition", .type, name: .child(["name"])),
      Definition("union_type_definition", .type, name: .child(["name"])),
      Definition("scalar_type_definition", .type, name: .child(["name"])),
      Definition("interface_type_definition", .interface, name: .child(["name"])),
      Definition("enum_type_definition", .enumeration, name: .child(["name"])),
      Definition("enum_value_definition", .constant, name: .descendant(["name"])),
      Definition("field_definition", .property, name: .child(["name"])),
      Definition("directive_definition", .other, name: .child(["name"])),
      Definition("operation_definition", .function, name: .child(["name"])),
      Definition("fragment_definition", .function, name: .descendant(["name"])),
    ],
    wrappers: ["definition", "type_system_definition", "type_definition", "executable_definition"],
    bodies: ["document", "fields_definition", "input_fields_definition", "enum_values_definition"],
    leaves: ["description"])

  static let prisma = LanguageRules(
    definitions: [
      Definition("model_block", .type, name: .child(["identifier"])),
      Definition("view_block", .type, name: .child(["identifier"])),
      Definition("type_block", .type, name: .child(["identifier"])),
      Definition("enum_block", .enumeration, name: .child(["identifier"])),
      Definition("key_value_block", .section, name: .child(["identifier"])),
      Definition("model_field", .property, name: .child(["identifier"])),
    ])

  static let sql = LanguageRules(
    definitions: [
      Definition("create_table", .table, name: .code(sqlObject)),
      Definition("create_view", .table, name: .code(sqlObject)),
      Definition("create_materialized_view", .table, name: .code(sqlObject)),
      Definition("create_function", .function, name: .code(sqlObject)),
      Definition("create_procedure", .function, name: .code(sqlObject)),
      Definition("create_trigger", .function, name: .code(sqlObject)),
      Definition("create_type", .type, name: .code(sqlObject)),
      Definition("create_index", .other, name: .field("column")),
      Definition("create_sequence", .other, name: .code(sqlObject)),
      Definition("create_policy", .other, name: .code(sqlObject)),
      Definition("create_schema", .module, name: .child(["identifier"])),
      Definition("create_database", .module, name: .child(["identifier"])),
    ],
    wrappers: ["statement"])

  /// `shop.orders`: the schema encloses the table.
  private static func sqlObject(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> [FoundName] {
    guard let reference = node.child(ofType: "object_reference"), let name = reference.child("name") else { return [] }
    return [FoundName(name, source, enclosing: reference.child("schema").map { [source.name($0.bytes)] } ?? [])]
  }
}
