/// What tells a language by name: one row for each. Names are those of the grammars where there is one, and the field's
/// common lower-case ones where there is none. An extension or a name stands in one row only; where an
/// extension has several languages (`AmbiguousExtension`), in the likeliest.
struct LanguageRow: Sendable {
  var name: String
  var kind: Language.Kind
  /// Without the dot, lower case.
  var extensions: String = ""
  /// Whole file names, as written.
  var fileNames: String = ""
  /// What stands behind `#!`, without version numbers.
  var interpreters: String = ""
  /// Other names, for filters and modelines.
  var aliases: String = ""
}

enum LanguageTable {
  // swift-format-ignore: a table is read by its columns
  static let rows: [LanguageRow] = [
    .init(name: "ada", kind: .code, extensions: "adb ads ada gpr"),
    .init(name: "agda", kind: .code, extensions: "agda"),
    .init(name: "apex", kind: .code, extensions: "apex trigger"),
    .init(name: "applescript", kind: .code, extensions: "applescript scpt", interpreters: "osascript"),
    .init(name: "asciidoc", kind: .prose, extensions: "adoc asciidoc", aliases: "adoc"),
    .init(name: "asm", kind: .code, extensions: "asm s nasm yasm", aliases: "assembly assembler nasm gas"),
    .init(name: "astro", kind: .code, extensions: "astro"),
    .init(name: "autoconf", kind: .code, extensions: "ac", fileNames: "configure.in"),
    .init(name: "awk", kind: .code, extensions: "awk gawk mawk", interpreters: "awk gawk mawk nawk"),
    .init(
      name: "bash", kind: .code, extensions: "sh bash zsh ksh bats command ebuild eclass",
      fileNames:
        ".bashrc .bash_profile .bash_aliases .bash_logout .profile .zshrc .zshenv .zprofile .kshrc PKGBUILD APKBUILD gradlew",
      interpreters: "sh bash zsh ksh dash ash mksh rbash bats", aliases: "sh shell zsh ksh shellscript shell-script"),
    .init(name: "batch", kind: .code, extensions: "bat cmd", aliases: "bat dosbatch cmd"),
    .init(name: "bibtex", kind: .data, extensions: "bib"),
    .init(name: "bicep", kind: .code, extensions: "bicep bicepparam"),
    .init(name: "bison", kind: .code, extensions: "y yy ypp", aliases: "yacc"),
    .init(name: "c", kind: .code, extensions: "c h cats idc", interpreters: "tcc"),
    .init(name: "capnp", kind: .code, extensions: "capnp"),
    .init(
      name: "clojure", kind: .code, extensions: "clj cljs cljc edn bb cljd", interpreters: "bb clojure", aliases: "clj"),
    .init(name: "cmake", kind: .code, extensions: "cmake", fileNames: "CMakeLists.txt"),
    .init(name: "cobol", kind: .code, extensions: "cob cbl cobol cpy"),
    .init(
      name: "coffeescript", kind: .code, extensions: "coffee cjsx iced", fileNames: "Cakefile", interpreters: "coffee",
      aliases: "coffee"),
    .init(
      name: "commonlisp", kind: .code, extensions: "lisp lsp asd ros", interpreters: "sbcl clisp ecl",
      aliases: "lisp cl common-lisp"),
    .init(name: "coq", kind: .code, aliases: "rocq"),
    .init(
      name: "cpp", kind: .code, extensions: "cpp cc cxx c++ hpp hh hxx h++ ipp tpp txx tcc inl ixx cppm ccm ino",
      aliases: "c++ cxx cplusplus"),
    .init(name: "crystal", kind: .code, extensions: "cr", interpreters: "crystal"),
    .init(
      name: "csharp", kind: .code, extensions: "cs csx cake", interpreters: "dotnet-script", aliases: "c# cs c-sharp"),
    .init(name: "css", kind: .markup, extensions: "css"),
    .init(name: "csv", kind: .data, extensions: "csv tsv psv"),
    .init(name: "cuda", kind: .code, extensions: "cu cuh"),
    .init(name: "cue", kind: .data, extensions: "cue"),
    .init(name: "cython", kind: .code, extensions: "pyx pxd pxi"),
    .init(name: "d", kind: .code, extensions: "d di", interpreters: "rdmd dmd", aliases: "dlang"),
    .init(name: "dart", kind: .code, extensions: "dart", interpreters: "dart"),
    .init(name: "devicetree", kind: .code, extensions: "dts dtsi dtso", aliases: "dts"),
    .init(name: "diff", kind: .data, extensions: "diff patch", aliases: "patch"),
    .init(
      name: "dockerfile", kind: .code, extensions: "dockerfile containerfile", fileNames: "Dockerfile Containerfile",
      aliases: "docker"),
    .init(name: "dot", kind: .data, extensions: "dot gv", aliases: "graphviz"),
    .init(name: "ejs", kind: .markup, extensions: "ejs"),
    .init(
      name: "elisp", kind: .code, extensions: "el emacs", fileNames: ".emacs Cask", interpreters: "emacs",
      aliases: "emacs-lisp emacslisp"),
    .init(
      name: "elixir", kind: .code, extensions: "ex exs", fileNames: "mix.lock", interpreters: "elixir", aliases: "ex"),
    .init(name: "elm", kind: .code, extensions: "elm"),
    .init(name: "erb", kind: .markup, extensions: "erb rhtml"),
    .init(
      name: "erlang", kind: .code, extensions: "erl hrl escript app.src xrl yrl", fileNames: "rebar.config",
      interpreters: "escript", aliases: "erl"),
    .init(name: "fish", kind: .code, extensions: "fish", interpreters: "fish"),
    .init(name: "flatbuffers", kind: .code, extensions: "fbs"),
    .init(name: "flex", kind: .code, extensions: "l ll lex", aliases: "lex"),
    .init(name: "forth", kind: .code, extensions: "forth fth 4th", interpreters: "gforth"),
    .init(name: "fortran", kind: .code, extensions: "f f77 f90 f95 f03 f08 f18 for ftn fpp", aliases: "f90"),
    .init(name: "fsharp", kind: .code, extensions: "fs fsi fsx", interpreters: "fsharpi", aliases: "f# fs"),
    .init(name: "gdscript", kind: .code, extensions: "gd", aliases: "godot"),
    .init(name: "gleam", kind: .code, extensions: "gleam"),
    .init(name: "glsl", kind: .code, extensions: "glsl vert frag geom comp tesc tese rgen rchit rmiss rahit vsh fsh"),
    .init(name: "gnuplot", kind: .code, extensions: "gnuplot plt gnu gp", interpreters: "gnuplot"),
    .init(name: "go", kind: .code, extensions: "go", aliases: "golang"),
    .init(name: "gomod", kind: .data, fileNames: "go.mod go.work", aliases: "go.mod"),
    .init(name: "graphql", kind: .code, extensions: "graphql gql graphqls", aliases: "gql"),
    .init(
      name: "groovy", kind: .code, extensions: "groovy gradle gvy gy gsh nf", fileNames: "Jenkinsfile",
      interpreters: "groovy nextflow", aliases: "gradle"),
    .init(name: "haml", kind: .markup, extensions: "haml"),
    .init(name: "handlebars", kind: .markup, extensions: "hbs handlebars mustache", aliases: "hbs mustache"),
    .init(
      name: "haskell", kind: .code, extensions: "hs hsc lhs hs-boot", interpreters: "runhaskell runghc stack",
      aliases: "hs"),
    .init(name: "haxe", kind: .code, extensions: "hx hxsl"),
    .init(name: "hcl", kind: .code, extensions: "hcl nomad"),
    .init(name: "heex", kind: .markup, extensions: "heex leex eex", aliases: "eex leex"),
    .init(name: "hlsl", kind: .code, extensions: "hlsl fx fxh hlsli cginc shader"),
    .init(name: "html", kind: .markup, extensions: "html htm xhtml shtml", aliases: "htm xhtml"),
    .init(name: "idris", kind: .code, extensions: "idr lidr"),
    .init(
      name: "ini", kind: .data,
      extensions: "ini cfg conf desktop service socket timer mount target inf editorconfig reg",
      fileNames: ".editorconfig .gitconfig .gitmodules .npmrc .pylintrc .flake8 .coveragerc .hgrc",
      aliases: "dosini cfg conf"),
    .init(name: "java", kind: .code, extensions: "java jav jsh", interpreters: "java jshell"),
    .init(
      name: "javascript", kind: .code, extensions: "js jsx mjs cjs es6 jsm jscad gs",
      fileNames: "Jakefile", interpreters: "node nodejs deno bun qjs d8 rhino gjs",
      aliases: "js jsx node mjs ecmascript javascriptreact"),
    .init(name: "jinja", kind: .markup, extensions: "j2 jinja jinja2 njk twig liquid", aliases: "jinja2 j2 twig"),
    .init(
      name: "json", kind: .data,
      extensions:
        "json jsonc json5 geojson topojson webmanifest avsc jsonl ndjson har code-workspace resjson tfstate",
      fileNames:
        ".babelrc .eslintrc .jshintrc .prettierrc .stylelintrc .swcrc .watchmanconfig composer.lock Pipfile.lock flake.lock deno.lock .swift-format",
      aliases: "jsonc json5 jsonl"),
    .init(name: "jsonnet", kind: .code, extensions: "jsonnet libsonnet"),
    .init(name: "julia", kind: .code, extensions: "jl", interpreters: "julia", aliases: "jl"),
    .init(
      name: "just", kind: .code, extensions: "just", fileNames: "justfile Justfile .justfile", interpreters: "just"),
    .init(name: "kconfig", kind: .code, fileNames: "Kconfig Kconfig.debug Config.in"),
    .init(name: "kotlin", kind: .code, extensions: "kt kts ktm", interpreters: "kotlin", aliases: "kt kts"),
    .init(name: "latex", kind: .prose, extensions: "tex ltx sty cls latex dtx bbx cbx", aliases: "tex"),
    .init(name: "lean", kind: .code, extensions: "lean"),
    .init(name: "less", kind: .markup, extensions: "less"),
    .init(name: "linkerscript", kind: .code, extensions: "ld lds icf", aliases: "ld"),
    .init(name: "llvm", kind: .code, extensions: "mir", aliases: "llvm-ir"),
    .init(
      name: "lua", kind: .code, extensions: "lua rockspec wlua nse p8", fileNames: ".luacheckrc",
      interpreters: "lua luajit texlua"),
    .init(name: "luau", kind: .code, extensions: "luau", interpreters: "luau"),
    .init(name: "m4", kind: .code, extensions: "m4", interpreters: "m4"),
    .init(
      name: "make", kind: .code, extensions: "mk mak make am",
      fileNames: "Makefile makefile GNUmakefile BSDmakefile Kbuild Makefile.am Makefile.in", interpreters: "make gmake",
      aliases: "makefile mk"),
    .init(
      name: "markdown", kind: .prose, extensions: "md markdown mdown mkd mdwn mkdn mdx mdc rmd qmd", aliases: "md mdx"),
    .init(name: "mathematica", kind: .code, extensions: "wl wls nb", interpreters: "wolframscript", aliases: "wolfram"),
    .init(name: "matlab", kind: .code, interpreters: "octave", aliases: "octave"),
    .init(name: "meson", kind: .code, fileNames: "meson.build meson_options.txt meson.options"),
    .init(name: "mlir", kind: .code, extensions: "mlir"),
    .init(name: "move", kind: .code, extensions: "move"),
    .init(name: "nginx", kind: .data, fileNames: "nginx.conf", aliases: "nginxconf"),
    .init(name: "nim", kind: .code, extensions: "nim nims nimble", interpreters: "nim"),
    .init(name: "ninja", kind: .code, extensions: "ninja"),
    .init(name: "nix", kind: .code, extensions: "nix", interpreters: "nix-shell"),
    .init(name: "objc", kind: .code, extensions: "m mm", aliases: "objective-c objectivec obj-c objective-c++ objcpp"),
    .init(
      name: "ocaml", kind: .code, extensions: "ml mll mly eliom", fileNames: ".ocamlinit",
      interpreters: "ocaml ocamlrun", aliases: "ml"),
    .init(name: "ocaml_interface", kind: .code, extensions: "mli", aliases: "mli"),
    .init(name: "opencl", kind: .code, extensions: "cl opencl"),
    .init(name: "org", kind: .prose, extensions: "org"),
    .init(
      name: "pascal", kind: .code, extensions: "pas dpr lpr dfm lfm", interpreters: "instantfpc",
      aliases: "delphi objectpascal"),
    .init(
      name: "perl", kind: .code, extensions: "pl pm t pod psgi plx perl al",
      fileNames: "Makefile.PL Build.PL cpanfile Rexfile", interpreters: "perl", aliases: "pl"),
    .init(
      name: "php", kind: .code, extensions: "php phtml php3 php4 php5 php7 phps phpt", fileNames: "artisan",
      interpreters: "php"),
    .init(
      name: "powershell", kind: .code, extensions: "ps1 psm1 psd1", interpreters: "pwsh powershell",
      aliases: "ps1 pwsh posh"),
    .init(name: "prisma", kind: .code, extensions: "prisma"),
    .init(name: "prolog", kind: .code, extensions: "prolog yap", interpreters: "swipl yap"),
    .init(
      name: "properties", kind: .data, extensions: "properties", fileNames: "gradle.properties", aliases: "jproperties"),
    .init(name: "proto", kind: .code, extensions: "proto textproto pbtxt", aliases: "protobuf protobuffer proto3"),
    .init(name: "pug", kind: .markup, extensions: "pug jade", aliases: "jade"),
    .init(name: "puppet", kind: .code, extensions: "pp", aliases: "pp"),
    .init(name: "purescript", kind: .code, extensions: "purs"),
    .init(
      name: "python", kind: .code, extensions: "py pyi pyw py3 pyt gyp gypi wsgi xsh",
      fileNames: "SConstruct SConscript wscript Snakefile .pythonrc .pythonstartup",
      interpreters: "python pypy python2 python3 uv ipython", aliases: "py python3 py3"),
    .init(name: "qmake", kind: .code, extensions: "pri prf"),
    .init(name: "qml", kind: .code, extensions: "qml qbs", interpreters: "qml"),
    .init(
      name: "r", kind: .code, extensions: "r rsx", fileNames: ".Rprofile", interpreters: "Rscript r",
      aliases: "rlang rscript"),
    .init(name: "racket", kind: .code, extensions: "rkt rktd rktl scrbl", interpreters: "racket", aliases: "rkt"),
    .init(
      name: "raku", kind: .code, extensions: "raku rakumod rakutest p6 pm6", interpreters: "raku perl6",
      aliases: "perl6"),
    .init(name: "razor", kind: .markup, extensions: "cshtml razor", aliases: "cshtml blazor"),
    .init(name: "reason", kind: .code, extensions: "re rei", aliases: "reasonml"),
    .init(name: "rescript", kind: .code, extensions: "res resi"),
    .init(name: "rst", kind: .prose, extensions: "rst rest", aliases: "restructuredtext rest"),
    .init(
      name: "ruby", kind: .code, extensions: "rb rake gemspec ru podspec thor jbuilder rabl rbi rbs builder",
      fileNames:
        "Gemfile Rakefile Podfile Vagrantfile Guardfile Capfile Thorfile Fastfile Appfile Brewfile Dangerfile Berksfile .irbrc .pryrc .simplecov",
      interpreters: "ruby jruby rake macruby", aliases: "rb jruby"),
    .init(name: "rust", kind: .code, extensions: "rs", interpreters: "rust-script cargo", aliases: "rs"),
    .init(name: "sass", kind: .markup, extensions: "sass"),
    .init(name: "scala", kind: .code, extensions: "scala sc sbt mill", interpreters: "scala scala-cli amm"),
    .init(
      name: "scheme", kind: .code, extensions: "scm ss sld sls sps", interpreters: "guile scheme chicken gosh csi",
      aliases: "scm guile"),
    .init(name: "scss", kind: .markup, extensions: "scss"),
    .init(name: "sed", kind: .code, extensions: "sed", interpreters: "sed gsed"),
    .init(name: "slim", kind: .markup, extensions: "slim"),
    .init(name: "smalltalk", kind: .code, extensions: "st"),
    .init(name: "smarty", kind: .markup, extensions: "tpl"),
    .init(name: "sml", kind: .code, extensions: "sml fun sig", interpreters: "polyml mlton", aliases: "standard-ml"),
    .init(name: "solidity", kind: .code, extensions: "sol", aliases: "sol"),
    .init(
      name: "sql", kind: .code, extensions: "sql ddl dml pgsql psql mysql plsql pls pkb pks tsql cql hql",
      interpreters: "psql sqlite3", aliases: "mysql postgres postgresql pgsql plsql tsql sqlite"),
    .init(
      name: "starlark", kind: .code, extensions: "bzl star bazel sky",
      fileNames: "BUILD WORKSPACE MODULE.bazel BUCK TARGETS Tiltfile", aliases: "bazel bzl"),
    .init(name: "stylus", kind: .markup, extensions: "styl"),
    .init(name: "svelte", kind: .code, extensions: "svelte"),
    .init(name: "swift", kind: .code, extensions: "swift swiftinterface", interpreters: "swift"),
    .init(name: "systemverilog", kind: .code, extensions: "sv svh", aliases: "sv"),
    .init(name: "tablegen", kind: .code, extensions: "td"),
    .init(
      name: "tcl", kind: .code, extensions: "tcl tk itcl adp exp", interpreters: "tclsh wish expect", aliases: "expect"),
    .init(name: "terraform", kind: .code, extensions: "tf tfvars", aliases: "tf"),
    .init(name: "thrift", kind: .code, extensions: "thrift"),
    .init(
      name: "toml", kind: .data, extensions: "toml",
      fileNames: "Pipfile Cargo.lock poetry.lock uv.lock Gopkg.lock pdm.lock"),
    .init(name: "tsx", kind: .code, extensions: "tsx", aliases: "typescriptreact"),
    .init(
      name: "typescript", kind: .code, extensions: "ts mts cts", interpreters: "ts-node tsx", aliases: "ts mts cts"),
    .init(name: "typst", kind: .prose, extensions: "typ"),
    .init(name: "v", kind: .code, aliases: "vlang"),
    .init(name: "vala", kind: .code, extensions: "vala vapi", interpreters: "vala"),
    .init(name: "vb", kind: .code, extensions: "vb vbs bas frm vba", aliases: "vbnet visual-basic vba basic"),
    .init(name: "verilog", kind: .code, extensions: "v vh veo"),
    .init(name: "vhdl", kind: .code, extensions: "vhd vhdl", aliases: "vhd"),
    .init(
      name: "vim", kind: .code, extensions: "vim vimrc vmb", fileNames: ".vimrc _vimrc vimrc .gvimrc .exrc .ideavimrc",
      interpreters: "vim nvim", aliases: "viml vimscript vim-script"),
    .init(name: "vue", kind: .code, extensions: "vue"),
    .init(name: "wat", kind: .code, extensions: "wat wast", aliases: "wasm webassembly"),
    .init(name: "wgsl", kind: .code, extensions: "wgsl"),
    .init(
      name: "xml", kind: .data,
      extensions:
        "xml xsd xsl xslt svg rss atom plist xib storyboard csproj vbproj fsproj vcxproj props targets nuspec resx xaml axaml xliff xlf wsdl dtd ui qrc gpx kml dae jelly rng iml ent pom tmlanguage",
      fileNames: ".classpath .project packages.config", aliases: "xsl xslt svg"),
    .init(
      name: "yaml", kind: .data, extensions: "yaml yml cff sublime-syntax",
      fileNames: ".clang-format .clang-tidy .clangd .gemrc pubspec.lock yarn.lock Podfile.lock", aliases: "yml"),
    .init(name: "yang", kind: .code, extensions: "yang"),
    .init(name: "zig", kind: .code, extensions: "zig zon", interpreters: "zig"),
    .init(
      name: "text", kind: .prose, extensions: "txt text log",
      fileNames:
        "README LICENSE LICENCE COPYING AUTHORS CONTRIBUTORS MAINTAINERS CHANGELOG NEWS TODO INSTALL NOTICE CREDITS THANKS HACKING .gitignore .dockerignore .gitattributes .mailmap go.sum requirements.txt",
      aliases: "plain plaintext txt none fundamental"),
  ]
}
