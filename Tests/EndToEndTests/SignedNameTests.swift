import Foundation
import Primitives
import TestSupport
import Testing

/// Names that are not words, typed as they stand in code and without quotation marks, through the real binary.
@Suite struct SignedNameTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.write(
      "cpp/big.cpp",
      """
      std::ostream& operator<<(std::ostream& out, const Big& big) {
        return out << big.text();
      }

      bool operator==(const Big& a, const Big& b) { return a.text() == b.text(); }

      int& Big::operator[](std::size_t index) {
        return digits_[index];
      }

      int Big::operator()(int base) const { return base; }

      Foo* Foo::operator->() { return this; }
      """ + "\n")
    try cairn.write(
      "cpp/exchange.cpp",
      "// The operator of the exchange: an operator waits, std and vector are words.\n"
        + "int operators(int operator_count) { return operator_count; }\n")
    try cairn.write(
      "rb/a.rb", "class Plain\n  def save\n    save!\n    save\n  end\n\n  def empty\n    save\n  end\nend\n")
    try cairn.write(
      "rb/z.rb",
      "class Banged\n  def call\n    save!\n  end\n\n  def save!\n    raise Invalid unless valid?\n  end\n\n"
        + "  def empty?\n    @rows.nil?\n  end\n\n  def <=>(other)\n    0\n  end\nend\n")
    try cairn.write(
      "list.scm", "(define (set-car pair value) (set-car pair value))\n\n(define (set-car! pair value) (poke pair))\n")
    try cairn.write(
      "a/sort.py",
      "def sort(values, exclude=None):\n    return sort(values)\n\n\ndef exclude(sort):\n    return sort\n\n\n"
        + "def wall(exceptions, fno):\n    return wall\n")
    try cairn.write("z/options.py", "parser.add_argument('--sort-by')\nparser.add_argument('--sort', '--exclude')\n")
    try cairn.write("z/Makefile", "FLAGS = -Wall -fno-exceptions\n\nall:\n\tcc main.c\n")
    try cairn.write(
      "objc/View.m",
      """
      @implementation ProfileView
      - (UITableViewCell *)tableView:(UITableView *)tableView
               cellForRowAtIndexPath:(NSIndexPath *)indexPath {
        return self;
      }
      - (void)reload {
        [self.client fetch:@"x" completion:^(id result) { [self show:result]; }];
      }
      @end
      """ + "\n")
    try cairn.write(
      "objc/Other.m",
      "@implementation Other\n- (void)fetch:(id)thing { }\n- (void)completion { [completion call]; }\n@end\n")
  }

  @Test(arguments: [
    ("operator<<", "cpp/big.cpp:1:"), ("operator <<", "cpp/big.cpp:1:"), ("operator==", "cpp/big.cpp:5:"),
    ("operator[]", "cpp/big.cpp:7:"), ("std::vector::operator[]", "cpp/big.cpp:7:"), ("operator()", "cpp/big.cpp:11:"),
    ("Big::operator()", "cpp/big.cpp:11:"), ("Foo::operator->", "cpp/big.cpp:13:"), ("save!", "rb/z.rb:6:"),
    ("Banged#save!", "rb/z.rb:6:"), ("save", "rb/a.rb:2:"), ("empty?", "rb/z.rb:10:"), ("empty", "rb/a.rb:7:"),
    ("valid?", "rb/z.rb:7:"), ("def <=>", "rb/z.rb:14:"), ("set-car!", "list.scm:3:"), ("--sort", "z/options.py:2:"),
    ("\"--sort\"", "z/options.py:"), ("--exclude", "z/options.py:2:"), ("-Wall", "z/Makefile:1:"),
    ("-fno-exceptions", "z/Makefile:1:"), ("tableView:cellForRowAtIndexPath:", "objc/View.m:2:"),
    ("fetch:completion:", "objc/View.m:7:"),
  ])
  func `a name with signs leads to where it stands with them, and to its definition first`(
    name: String, place: String
  ) throws {
    let result = try cairn.run("search", "--vimgrep", "-n1", "--", name)
    #expect(result.code == 0 && result.outputText.hasPrefix(place), "\(result.outputText)\(result.errorText)")
    #expect(
      !result.errorText.contains("no indexed file") && !result.errorText.contains("excludes"), "\(result.errorText)")
  }

  @Test(arguments: [
    ("operator>>", "holds the name operator>>"), ("Big::operator+=", "holds the name operator+="),
    ("--sorted", "holds the text --sorted"), ("-fno-such", "holds the text -fno-such"),
  ])
  func `an operator or an option that is nowhere is said to be, signs and all`(name: String, note: String) throws {
    let result = try cairn.run("search", "--", name)
    #expect(result.code == 1 && result.errorText.contains(note), "\(result.errorText)")
  }

  @Test(arguments: ["Plain!", "operators?", "raise!", "set-car?"])
  func `a word with a sign behind it is a word where nothing is called so`(text: String) throws {
    let result = try cairn.run("search", text)
    #expect(result.code == 0 && result.errorText.isEmpty, "\(result.errorText)")
  }

  @Test func `a selector of which a piece is nowhere is said to lack that piece alone`() throws {
    let result = try cairn.run("search", "fetch:colour:")
    #expect(result.code == 1 && result.errorText.contains("holds the word colour;"), "\(result.errorText)")
    let apart = try cairn.run("search", "completion:fetch:")
    #expect(!apart.errorText.contains("no indexed file"), "\(apart.errorText)")
  }

  @Test func `a name with signs that the filters leave out stands elsewhere`() throws {
    let result = try cairn.run("search", "path:objc", "save!")
    #expect(
      result.code == 1 && result.errorText.contains("the name save!, which is elsewhere"), "\(result.errorText)")
  }
}
