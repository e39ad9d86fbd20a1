import Chunking
import Inspection
import Testing
import TreeSitterChunking

/// Code inside files of another kind.
@Suite struct PartsTests {
  private func symbols(_ text: String, _ language: String) throws -> [String] {
    let bytes = Array(text.utf8)
    let outline = TreeSitterParser().outline(of: bytes.span, in: try #require(Language.named(language)))
    return outline?.nodes.compactMap(\.symbol).map { "\($0.line) \($0.kind) \($0.qualifiedName)" } ?? []
  }

  @Test func `fences of Markdown define what their code does`() throws {
    let text = """
      # Usage

      ```python
      def load(path):
          return open(path)
      client = load("x")
      ```

      ~~~ {.rust .numberLines}
      pub fn parse(text: &str) -> u32 { 0 }
      ~~~

      ````
      ```python
      def not_this(): pass
      ```
      ````

      ```
      def nor_this(): pass
      ```

      ## End

      ```js title="a.js"
      class Store { get(key) { return this[key] } }
      """
    // The last fence is never closed.
    #expect(
      try symbols(text, "markdown") == [
        "1 section Usage", "4 function load", "10 function parse", "23 section Usage.End",
      ])
  }

  @Test func `an error in one fence ends with it`() throws {
    let text = """
      ```c
      int broken(int a { if (((
      ```

      ```c
      int sound(int a) { return a; }
      ```

      """
    #expect(try symbols(text, "markdown").contains("6 function sound"))
  }

  @Test func `tags of ERB are one program, and ids are still found around them`() throws {
    let text = """
      <div id="main">
      <%# def not_this; end %>
      <% def price_of(item) -%>
        <%= item.price %>
      <% end %>
      <% if ready? %><p>x</p><% end %>
      <% class Cart
           def total; 1; end
         end %>
      </div>

      """
    #expect(
      try symbols(text, "erb") == [
        "1 section main", "3 function price_of", "7 type Cart", "8 method Cart.total",
      ])
  }

  @Test func `tags of EJS are JavaScript and those of HEEx are Elixir`() throws {
    #expect(
      try symbols("<ul>\n<% function row(x) { %>\n<li><%= x %></li>\n<% } %>\n</ul>\n", "ejs") == ["2 function row"])
    let heex = "<section id=\"list\">\n<%= for x <- @xs do %>\n  <p><%= x %></p>\n<% end %>\n</section>\n"
    #expect(try symbols(heex, "heex") == ["1 section list"])
  }

  @Test func `macros and blocks of Jinja are symbols, in pages too`() throws {
    let text = """
      {% extends "base.html" %}
      {# {% macro not_this() %} #}
      {%- macro field(name, value='') -%}
        <input id="{{ name }}">
      {%- endmacro %}
      {% block content %}
      <div id="list">{{ field('x') }}</div>
      {% endblock content %}

      """
    for language in ["jinja", "html"] {
      #expect(
        try symbols(text, language) == ["3 function field", "6 section content", "7 section list"], "\(language)")
    }
  }

  @Test func `code of Razor is C#`() throws {
    let text = """
      @page "/counter"
      <h1 id="top">@title</h1>

      @code {
          private int currentCount = 0;
          private string text = "}";

          public void IncrementCount()
          {
              currentCount++;
          }
      }
      <p id="end"></p>

      """
    let found = try symbols(text, "razor")
    #expect(found.contains("2 section top") && found.contains("13 section end"))
    #expect(found.contains { $0.hasPrefix("8 ") && $0.hasSuffix("IncrementCount") }, "\(found)")
  }

  @Test(arguments: ["vue", "svelte"]) func `scripts of components are found`(language: String) throws {
    let text = "<script lang='ts'>\nexport function load(id: number): string { return `${id}` }\n</script>\n<p>x</p>\n"
    #expect(
      try symbols(text, language).contains("2 function script.load")
        || symbols(text, language).contains("2 function load"))
  }

  @Test func `frontmatter and scripts of Astro are found`() throws {
    let text = "---\nfunction total(xs: number[]) { return xs.length }\n---\n<script>\nfunction run() {}\n</script>\n"
    let found = try symbols(text, "astro")
    #expect(found.contains { $0.hasSuffix("total") } && found.contains { $0.hasSuffix("run") }, "\(found)")
  }

  @Test func `parts of one outline lie inside each other`() throws {
    let text = "# A\n\n```c\nint f(void) { return 0; }\n```\n\n# B\n\n```c\nint g(void) { return 0; }\n```\n"
    let bytes = Array(text.utf8)
    let outline = TreeSitterParser().outline(of: bytes.span, in: try #require(Language.named("markdown")))
    var open: [SyntaxOutline.Node] = []
    for node in try #require(outline).nodes {
      open.removeAll { $0.bytes.upperBound <= node.bytes.lowerBound }
      #expect(node.depth == open.count)
      #expect(open.last.map { $0.bytes.upperBound >= node.bytes.upperBound } ?? true)
      open.append(node)
    }
  }
}
