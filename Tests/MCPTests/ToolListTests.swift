import JSON
import MCP
import Testing

@Suite struct ToolListTests {
  @Test func `all that a model is told of the tools has at most 3,800 characters`() {
    let count = JSONValue.array(ToolList.tools).description.count + ToolList.instructions.count
    #expect(count <= 3_800, "\(count)")
    #expect(ToolList.tools.count <= 4)
  }

  @Test func `the tools say the same each time, and each property says what it is`() throws {
    #expect(ToolList.tools.map(\.description) == ToolList.tools.map(\.description))
    for tool in ToolList.tools {
      let name = try #require(tool["name"]?.string)
      #expect(name.utf8.count <= 64 && name.allSatisfy { $0.isLowercase })
      #expect(tool["inputSchema"]?["type"]?.string == "object")
      for property in try #require(tool["inputSchema"]?["properties"]?.members) {
        #expect(property.value["type"]?.string != nil && property.value["description"]?.string != nil, "\(property)")
      }
    }
  }
}
