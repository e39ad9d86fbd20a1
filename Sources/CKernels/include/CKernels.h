// Arithmetic over vectors. The widest instructions are chosen at run time, each kernel has a scalar twin, and nothing
// here allocates.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "CKernelsEmbedding.h"

// The dot product of two int8 vectors of `count` components.
int32_t ck_dot_i8(const int8_t *a, const int8_t *b, size_t count);
int32_t ck_dot_i8_scalar(const int8_t *a, const int8_t *b, size_t count);
