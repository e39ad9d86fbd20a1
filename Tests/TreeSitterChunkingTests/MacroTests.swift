import Chunking
import Inspection
import Testing
import TreeSitterChunking

/// Macros are not names, and what stands behind them is found.
@Suite struct MacroTests {
  private func symbols(_ text: String, _ language: String) -> [String] {
    let bytes = Array(text.utf8)
    let outline = TreeSitterParser().outline(of: bytes.span, in: Language(name: language, kind: .code))
    return outline?.nodes.compactMap(\.symbol).map { "\($0.line) \($0.kind) \($0.qualifiedName)" } ?? []
  }

  @Test(arguments: [
    ("class MYLIB_API Exported : public Base {\npublic:\n  int run();\n};\n", "1 type Exported"),
    ("class MYLIB_API(2) Exported final : public Base {\n};\n", "1 type Exported"),
    ("class Exported final {\n};\n", "1 type Exported"), ("struct A_EXPORT Vec : Base {\n  int x;\n};\n", "1 type Vec"),
    ("class __attribute__((visibility(\"default\"))) Shown {\n};\n", "1 type Shown"),
    ("class [[nodiscard]] Result {\n};\n", "1 type Result"),
    ("class EXPORT_A EXPORT_B Two {\n};\n", "1 type Two"),
    ("enum class MY_ENUM Color : int { red };\n", "1 enumeration Color"),
    ("enum class Color : int { red };\n", "1 enumeration Color"),
    ("union MY_UNION Either {\n  int a;\n};\n", "1 type Either"),
    ("template <class T>\nclass API_X Box {\n};\n", "2 type Box"), ("class lower_export Name {\n};\n", "1 type Name"),
    ("class ns_export\nName\n{\n};\n", "2 type Name"),
  ])
  func `a macro before the name of a type is not its name`(text: String, symbol: String) {
    let found = symbols(text, "cpp")
    #expect(found.contains(symbol), "\(found)")
    #expect(!found.contains { $0.contains("API") || $0.contains("EXPORT") || $0.contains("MY_") }, "\(found)")
  }

  @Test func `macros on lines of their own do not hide what comes next`() {
    let text = """
      QT_BEGIN_NAMESPACE
      namespace ui {
      UCLASS(Blueprintable, meta = (DisplayName = "A, (b)"))
      class GAME_API AHero : public AActor
      {
        GENERATED_BODY()
      public:
        Q_OBJECT
        Q_PROPERTY(int speed READ speed
                   WRITE setSpeed)
        AHero();
        UPROPERTY(EditAnywhere)
        int Health;
        UFUNCTION()
        void Jump(float height);
      };
      }
      QT_END_NAMESPACE

      """
    let found = symbols(text, "cpp")
    for symbol in [
      "2 module ui", "4 type ui.AHero", "11 method ui.AHero.AHero", "15 method ui.AHero.Jump",
    ] { #expect(found.contains(symbol), "\(symbol) is not in \(found)") }
    #expect(!found.contains { $0.hasSuffix("namespace") || $0.contains("QT_") || $0.contains("UCLASS") }, "\(found)")
  }

  @Test(arguments: [
    "class A : public QObject { Q_OBJECT };\n", "struct A { Q_GADGET };\n",
    "class A : public QObject\n{\n  Q_OBJECT\n};\n",
    "struct A { GENERATED_BODY() };\n", "class MY_API A final : public B { Q_OBJECT /* moc */ };\n",
    "class A { Q_OBJECT public: A(); };\n", "template <class T> class A : B<T> {\n  Q_OBJECT // moc\n};\n",
    "union A { A_MARK };\n", "struct A { GENERATED_USTRUCT_BODY() };\n",
    "class A { Q_OBJECT\nsignals:\n  void changed(); };\n",
  ])
  func `a type with nothing but a macro inside is a type`(text: String) {
    let found = symbols(text + "int after() { return 1; }\n", "cpp")
    #expect(found.contains("1 type A"), "\(found)")
    #expect(found.contains { $0.hasSuffix("function after") }, "\(found)")
    #expect(!found.contains { $0.contains("Q_") || $0.contains("BODY") || $0.contains("MARK") }, "\(found)")
  }

  @Test(arguments: [
    "namespace ui _GLIBCXX_VISIBILITY(default)\n{\n", "namespace FOO_EXPORT ui {\n",
    "namespace __FOO_HIDDEN(1, (2)) ui {\n",
    "namespace ui _LIBCPP_HIDE {\n", "inline namespace ui API_V2 {\n",
    "namespace\nui\n_GLIBCXX_VISIBILITY(default) {\n",
    "namespace ui {\n",
  ])
  func `a namespace with macros has its name, and what is in it`(head: String) {
    let text =
      head
      + "template <typename T> class A {\n int f() const { return 1; }\n};\nint g() { return 2; }\n}\nint h() { return 3; }\n"
    let found = symbols(text, "cpp")
    for suffix in ["module ui", "type ui.A", "method ui.A.f", "function ui.g", "function h"] {
      #expect(found.contains { $0.hasSuffix(suffix) }, "\(suffix) is not in \(found)")
    }
    #expect(found.count == 5, "\(found)")
  }

  @Test(arguments: [
    "Q_OBJECT Q_DISABLE_COPY(A)\n", "Q_OBJECT Q_DISABLE_COPY(A) Q_PROPERTY(int x READ x)\n",
    "Q_GADGET QML_ELEMENT QML_SINGLETON\n",
    "Q_OBJECT Q_DISABLE_COPY(A) public:\n",
  ])
  func `several macros on one line of a type are none of its members`(line: String) {
    let found = symbols("class A : public B {\n  \(line)  void paint();\n  int draw() { return 1; }\n};\n", "cpp")
    #expect(found.count == 3 && found.contains("1 type A"), "\(found)")
    #expect(found.contains { $0.hasSuffix("A.paint") } && found.contains { $0.hasSuffix("A.draw") }, "\(found)")
  }

  @Test(arguments: [
    ("enum A { ONLY };\n", "1 constant A.ONLY"), ("enum class A { ONLY };\n", "1 constant A.ONLY"),
    ("struct S { enum A { ONLY }; int x; };\n", "1 constant S.A.ONLY"),
    ("class A { enum { ONLY\n}; };\n", "1 constant A.ONLY"),
    ("struct point start = { ORIGIN };\n", "1 variable start"),
  ])
  func `a value alone between braces stays`(text: String, symbol: String) {
    #expect(symbols(text, "cpp").contains(symbol), "\(symbols(text, "cpp"))")
  }

  @Test func `export macros before functions and variables are no types`() {
    let text = """
      FOO_BEGIN_DECLS
      FOO_EXPORT int foo_open(const char *path);
      FOO_API(2) void foo_close(int fd);
      static FORCE_INLINE int twice(int x)
      {
        return 2 * x;
      }
      FOO_EXPORT extern int foo_count;
      EXTERN_C int last(IN int a, OUT int *b)
      {
        *b = a;
        return 0;
      }
      FOO_END_DECLS

      """
    for language in ["c", "cpp"] {
      let found = symbols(text, language)
      for name in ["2 other foo_open", "3 other foo_close", "4 function twice", "9 function last"] {
        #expect(found.contains(name), "\(language): \(name) is not in \(found)")
      }
      #expect(!found.contains { $0.contains("FOO_") || $0.contains("INLINE") || $0.hasSuffix(" int") }, "\(found)")
    }
  }

  @Test func `types written in capitals stay types`() {
    let text = """
      DWORD count(void) { return 0; }
      FILE *open_log(const char *name) { return 0; }
      BOOL WINAPI DllMain(HINSTANCE h, DWORD reason) { return 1; }
      VOID
      plain(int x)
      {
        use(x);
      }
      enum { ONLY_ONE
      };
      enum kind {
        FIRST_KIND,
        LAST_KIND
      };

      """
    let found = symbols(text, "c")
    for name in [
      "1 function count", "2 function open_log", "3 function DllMain", "5 function plain", "9 constant ONLY_ONE",
      "12 constant kind.FIRST_KIND", "13 constant kind.LAST_KIND",
    ] { #expect(found.contains(name), "\(name) is not in \(found)") }
  }

  @Test(arguments: [
    (
      "SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf, size_t, count)\n{\n\treturn 0;\n}\n", "c",
      "1 function read"
    ),
    ("static DEFINE_MUTEX(lock);\n", "c", "1 variable lock"), ("DEFINE_MUTEX(lock);\n", "c", "1 variable lock"),
    ("DEFINE_string(host, \"localhost\", \"where to\");\n", "cpp", "1 variable host"),
    ("TEST(Suite, Works) {\n  f();\n}\n", "cpp", "1 method Suite.Works"),
    ("TEST_F(Suite, Works)\n{\n  f();\n}\n", "cpp", "1 method Suite.Works"),
    ("BOOST_AUTO_TEST_CASE(it_works)\n{\n  f();\n}\n", "cpp", "1 function it_works"),
    ("BOOST_FIXTURE_TEST_CASE(it_works, Fixture)\n{\n  f();\n}\n", "cpp", "1 function it_works"),
    ("PYBIND11_MODULE(example, m) {\n  f();\n}\n", "cpp", "1 function example"),
    ("TEST_CASE_METHOD(Fixture, \"adds up\") {\n  f();\n}\n", "cpp", "1 function adds up"),
    ("TEST_CASE(\"adds up\", \"[sum]\") {\n  f();\n}\n", "cpp", "1 function adds up"),
  ])
  func `what a macro defines has a symbol`(text: String, language: String, symbol: String) {
    #expect(symbols(text, language).contains(symbol), "\(symbols(text, language))")
  }

  @Test func `items inside the braces of a Rust macro are items`() {
    let text = """
      cfg_rt! {
          /// Runs it.
          pub fn spawn(x: u32) -> u32 {
              x
          }

          cfg_time! {
              pub mod time { pub fn sleep() {} }
          }
      }

      cfg_net! { pub struct Stream { fd: i32 } }
      thread_local! { static CONTEXT: u32 = 1; }
      macro_rules! make { () => { pub fn never() {} } }
      pub fn after() {}

      """
    let found = symbols(text, "rust")
    for name in [
      "3 function spawn", "8 module time", "8 function time.sleep", "12 type Stream", "14 macro make",
      "15 function after",
    ] { #expect(found.contains(name), "\(name) is not in \(found)") }
    #expect(!found.contains { $0.contains("never") }, "\(found)")
  }

  @Test func `no text makes it fail, and lines stay where they are`() {
    var text = ""
    for i in 0..<300 {
      text += "FOO_API int f\(i)(void);\nclass FOO_API C\(i) : public B {\n  Q_OBJECT\n  int x;\n};\n"
    }
    let found = symbols(text, "cpp")
    for i in [0, 150, 299] {
      #expect(found.contains("\(5 * i + 1) other f\(i)") && found.contains("\(5 * i + 2) type C\(i)"))
    }
    for piece in ["FOO(", "FOO((", "class A B C D E F G H I", "cfg! { pub", "cfg! {", "struct", "FOO_X\n", "class X("] {
      _ = symbols(String(repeating: piece, count: 2_000), "cpp")
      _ = symbols(String(repeating: piece + "\n", count: 2_000), "rust")
    }
  }
}
