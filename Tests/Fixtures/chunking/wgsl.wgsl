struct Light {
  position: vec3<f32>,
}

const LIMIT: i32 = 3;

// Shades.
@fragment
fn shade(l: Light) -> vec4<f32> {
  return vec4<f32>(1.0);
}
