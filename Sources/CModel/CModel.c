#include "CModel.h"

#pragma clang diagnostic ignored "-Wc23-extensions"  // #embed

// Read-only data of the program: mapped with it, read page by page when touched, shared between processes. In a section
// of its own, since Swift's constants make the program's .rodata writable, and what is writable counts against a limit
// on data (`ulimit -d`).
__attribute__((section("cairn_model"))) static const _Alignas(64) uint8_t model[] = {
#embed "../../Models/cairn-static-v1.model"
};

const uint8_t *cmodel_bytes(void) { return model; }
size_t cmodel_byte_count(void) { return sizeof model; }
