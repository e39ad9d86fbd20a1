import Corpus
import Primitives
import Testing

@Suite struct LanguageTests {
  private func language(_ path: String, _ content: String = "") -> String {
    ContentInspector().language(of: Array(content.utf8).span, path: FilePath(path)).name
  }

  @Test(arguments: [
    ("a.py", "python"), ("a/b.RB", "ruby"), ("x.test.ts", "typescript"), ("x.tsx", "tsx"), ("x.cs", "csharp"),
    ("Makefile", "make"), ("src/Dockerfile", "dockerfile"), ("Dockerfile.dev", "dockerfile"),
    ("CMakeLists.txt", "cmake"),
    ("Gemfile", "ruby"), ("BUILD", "starlark"), ("BUILD.bazel", "starlark"), ("go.mod", "gomod"),
    ("a.mli", "ocaml_interface"),
    ("a.proto", "proto"), ("main.tf", "terraform"), ("config.h.in", "c"), ("a.yml", "yaml"), ("a.hpp", "cpp"),
    ("a.swift", "swift"), ("a.kt", "kotlin"), ("README.md", "markdown"), ("README", "text"), ("a.unknown", "text"),
    ("Kconfig.debug", "kconfig"), (".bashrc", "bash"), ("x.mm", "objc"), ("a.S", "asm"), ("", "text"), ("a.", "text"),
    (".gitignore", "text"), ("setup.py.tmpl", "python"), ("a.JSON", "json"),
  ])
  func `a name tells the language`(path: String, name: String) {
    #expect(language(path) == name)
  }

  @Test(arguments: [
    ("#!/bin/sh\n", "bash"), ("#!/usr/bin/env python3.11\n", "python"), ("#! /usr/bin/perl -w\n", "perl"),
    ("#!/usr/bin/env -S node --x\n", "javascript"), ("#!/usr/bin/env A=b ruby\n", "ruby"),
    ("#!/usr/bin/lua5.4\r\n", "lua"),
    ("#!/usr/bin/env\n", "text"), ("#!", "text"), ("#!/opt/thing\n", "text"),
    ("// -*- C++ -*-\nint x;", "cpp"), ("# -*- mode: ruby; coding: utf-8 -*-\n", "ruby"),
    ("#!/opt/thing\n# vim: set ft=python :\n", "python"), ("x\n\n\n/* vim: filetype=c */\n", "c"),
    ("<?xml version=\"1.0\"?>", "xml"), ("<?php echo 1;", "php"), ("<!DOCTYPE html>", "html"), ("plain words", "text"),
  ])
  func `the first line or a modeline tells the language of a file without a telling name`(content: String, name: String)
  {
    #expect(language("bin/tool", content) == name)
  }

  @Test(arguments: [
    ("a.h", "#ifndef A\nint f(void);\n", "c"), ("a.h", "#pragma once\nnamespace a {\n", "cpp"),
    ("a.h", "// class A\n/* class B\nclass C */\nstruct s { int class; };\n", "c"),
    ("a.h", "#ifdef __cplusplus\nextern \"C\" {\nclass X;\n#endif\nint f();\n", "c"),
    ("a.h", "#ifdef __cplusplus\nclass X;\n#else\nint y;\n#endif\nclass Z {};\n", "cpp"),
    ("a.h", "#include <vector>\n", "cpp"), ("a.h", "#include <stdio.h>\n", "c"), ("a.h", "std::string f();\n", "cpp"),
    ("a.h", "  public:\n", "cpp"), ("a.h", "@interface A : B\n@end\n", "objc"), ("a.h", "#import <A/B.h>\n", "objc"),
    ("a.h", "", "c"), ("a.h", "// -*- C++ -*-\nint f();\n", "cpp"),
    ("a.m", "#import <A/A.h>\n@implementation A\n", "objc"), ("a.m", "% sum\nfunction y = f(x)\n", "matlab"),
    ("a.pl", "use strict;\nmy $x;\n", "perl"), ("a.pl", ":- module(a, [b/1]).\nb(X) :- c(X).\n", "prolog"),
    ("a.ts", "export const x = 1\n", "typescript"), ("a.ts", "<?xml version=\"1.0\"?>\n<!DOCTYPE TS>\n", "xml"),
    ("a.v", "module a(input b);\nendmodule\n", "verilog"), ("a.v", "Require Import Arith.\nTheorem a : b.\n", "coq"),
    ("a.d", "module a;\nimport std.stdio;\n", "d"), ("a.d", "a.o: a.c \\\n b.h\n", "make"),
    ("a.ll", "; ModuleID = 'a'\n", "llvm"), ("a.cls", "\\NeedsTeXFormat{LaTeX2e}\n", "latex"),
    ("a.pp", "unit a;\n", "pascal"), ("a.cl", "(defun f ())\n", "commonlisp"),
    ("a.cl", "__kernel void f() {}\n", "opencl"),
  ])
  func `content tells the language where an extension has several`(path: String, content: String, name: String) {
    #expect(language(path, content) == name)
  }

  @Test func `languages are found by the names that people use`() {
    let names = [
      "js": "javascript", "ts": "typescript", "py": "python", "c++": "cpp", "cs": "csharp", "c#": "csharp",
      "sh": "bash",
      "shell": "bash", "golang": "go", "rs": "rust", "rb": "ruby", "kt": "kotlin", "Objective-C": "objc",
      "PYTHON": "python",
      "md": "markdown", "protobuf": "proto", "yml": "yaml", "text": "text",
    ]
    for (alias, name) in names { #expect(Language.named(alias)?.name == name, "\(alias)") }
    #expect(Language.named("klingon") == nil && Language.named("") == nil)
  }

  @Test func `there are many languages, each once and under its own name`() {
    #expect(Language.all.count >= 100)
    #expect(Set(Language.all.map(\.name)).count == Language.all.count)
    for language in Language.all {
      #expect(Language.named(language.name) == language)
      #expect(language.name == language.name.lowercased())
    }
    #expect(Language.named("text") == .plainText)
  }

  @Test func `no extension, name or interpreter stands in two rows`() {
    #expect(Language.rivalWords.isEmpty, "\(Language.rivalWords)")
  }

  @Test func `no content makes it fail`() {
    var random = SeededRandom(seed: 5)
    let pieces = [
      "/*", "*/", "//", "#if", "#ifdef __cplusplus", "#else", "#endif", "\n", "::", "-*-", "vim:", "ft=", "#!", " ",
      "x",
    ]
    let paths = ["a.h", "a.m", "a.pl", "a.v", "a", "a.ts", "a.inc", "a.l"]
    for _ in 0..<5_000 {
      let content = (0..<random.next(upTo: 20)).map { _ in pieces[random.next(upTo: pieces.count)] }.joined()
      let name = language(paths[random.next(upTo: paths.count)], content)
      #expect(Language.named(name) != nil)
    }
  }
}
