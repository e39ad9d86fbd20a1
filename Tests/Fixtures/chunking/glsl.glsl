#version 330
uniform mat4 model;

struct Light { vec3 position; };

// Shades.
vec3 shade(Light l) {
  return l.position;
}

void main() { }
