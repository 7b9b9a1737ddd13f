// The stack in 3-D: facets coloured by strike rate, arrival directions as arrows, the suspect site with its possible normals.
// Body axes: X forward, Y starboard, Z nadir; up on the screen is zenith (-Z). Draws only when something changed.
import {
  AmbientLight, ArrowHelper, BufferAttribute, BufferGeometry, CanvasTexture, Color, DirectionalLight, Group, Line, LineBasicMaterial, Mesh,
  MeshLambertMaterial,
  PerspectiveCamera, Raycaster, Scene, SphereGeometry, MeshBasicMaterial, Sprite, SpriteMaterial, Vector2, Vector3, WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";

const RATE_COLOURS = ["#3b4a6b", "#3f7fa8", "#5fb58a", "#d9c24a", "#e8743b"].map((c) => new Color(c));
const ARROW_COLOURS = { axis: "#8a94a0", sun: "#f0b429", shower: "#4f9be8", normal: "#e5484d" };
const NEVER = new Color("#8d959e");

async function unpack(text, Kind) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Kind(await new Response(stream).arrayBuffer());
}

function rateColour(level) {
  if (level === 0) return NEVER;
  const at = ((level - 1) / 254) * (RATE_COLOURS.length - 1), low = Math.min(Math.floor(at), RATE_COLOURS.length - 2);
  return RATE_COLOURS[low].clone().lerp(RATE_COLOURS[low + 1], at - low);
}

function label(text, colour) {
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  pen.font = "600 40px system-ui, sans-serif";
  canvas.width = Math.ceil(pen.measureText(text).width) + 24; canvas.height = 56;
  pen.font = "600 40px system-ui, sans-serif";
  pen.fillStyle = "rgba(12,16,20,0.78)"; pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = colour; pen.fillText(text, 12, 42);
  const sprite = new Sprite(new SpriteMaterial({ map: new CanvasTexture(canvas), depthTest: false, sizeAttenuation: false }));
  sprite.scale.set((0.023 * canvas.width) / canvas.height, 0.023, 1);
  sprite.renderOrder = 9;
  return sprite;
}

class StackView {
  constructor(box, data) {
    this.box = box; this.data = data;
    this.renderer = new WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    const canvas = this.renderer.domElement;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "3-D view of the stack; keys 1 to 6 choose a view, arrow keys turn it, plus and minus zoom");
    box.querySelector(".stage").append(canvas);
    this.scene = new Scene(); this.scene.background = new Color("#12171c");
    this.camera = new PerspectiveCamera(35, 1, 0.1, 3000); this.camera.up.set(0, 0, -1);
    this.scene.add(new AmbientLight(0xffffff, 1.7));
    this.lamp = new DirectionalLight(0xffffff, 1.6); this.scene.add(this.lamp);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enableDamping = false;
    this.controls.enableZoom = false;  // the wheel scrolls the page until the view has the focus
    canvas.style.touchAction = "pan-y";
    canvas.addEventListener("focus", () => { this.controls.enableZoom = true; });
    canvas.addEventListener("blur", () => { this.controls.enableZoom = false; });
    canvas.addEventListener("pointerdown", () => canvas.focus({ preventScroll: true }));
    this.controls.addEventListener("change", () => this.draw());
  }

  async load() {
    const d = this.data;
    const corners = await unpack(d.corners, Uint16Array), triangles = await unpack(d.triangles, Uint32Array);
    this.part = await unpack(d.part, Uint16Array);
    this.shade = await Promise.all(d.streams.map((s) => unpack(s.shade, Uint8Array)));
    const at = new Float32Array(triangles.length * 3), low = new Vector3(Infinity, Infinity, Infinity), high = low.clone().negate();
    for (let i = 0; i < triangles.length; i++) {
      const p = new Vector3(...[0, 1, 2].map((k) => d.low[k] + d.step[k] * corners[3 * triangles[i] + k]));
      low.min(p); high.max(p); p.toArray(at, 3 * i);
    }
    this.middle = low.clone().add(high).multiplyScalar(0.5); this.reach = high.distanceTo(low) / 2;
    const shape = new BufferGeometry();
    shape.setAttribute("position", new BufferAttribute(at, 3));
    shape.setAttribute("color", new BufferAttribute(new Float32Array(at.length), 3));
    shape.computeVertexNormals();
    this.mesh = new Mesh(shape, new MeshLambertMaterial({ vertexColors: true, flatShading: true, side: 2 }));
    this.scene.add(this.mesh);
    this.site = new Vector3(...d.site);
    this.addArrows(); this.paint(0); this.listen(); this.look("site");
  }

  addArrows() {
    this.far = new Group(); this.near = new Group(); this.scene.add(this.far, this.near);
    let count = 0;
    for (const a of this.data.arrows) {
      const dir = new Vector3(...a.dir), normal = a.kind === "normal", colour = ARROW_COLOURS[a.kind];
      const tint = a.up ? colour : "#5d6670";
      const length = normal ? 5 : this.reach * 0.35, away = 1.12 + (a.kind === "shower" ? 0.13 * (count % 5) : 0);
      const from = normal ? this.site : this.middle.clone().addScaledVector(dir, this.reach * away);
      const arrow = new ArrowHelper(normal ? dir : dir.clone().negate(), from, length, tint, length * 0.16, length * 0.07);
      (normal ? this.near : this.far).add(arrow);
      if (!normal) {  // the same direction again close to the site, for the close view
        const start = 7 + (a.kind === "shower" ? 2.2 * (count++ % 5) : 1);  // staggered, so that labels of like directions stay apart
        this.near.add(new ArrowHelper(dir.clone().negate(), this.site.clone().addScaledVector(dir, start), 2.6, tint, 0.7, 0.3));
        const here = label(a.name + (a.up ? "" : " (below the limb)"), a.up ? colour : "#aab2bb");
        this.beside(here, this.site.clone().addScaledVector(dir, start + 0.5));
      }
      if (a.name) {
        const text = label(a.name + (a.up ? "" : " (below the limb)"), a.up ? colour : "#aab2bb");
        const tip = from.clone().addScaledVector(dir, normal ? 5.4 : this.reach * 0.06);
        if (normal) this.beside(text, tip);
        else { text.position.copy(tip); this.far.add(text); }
      }
    }
    const mark = new Mesh(new SphereGeometry(0.22, 16, 12), new MeshBasicMaterial({ color: ARROW_COLOURS.normal }));
    mark.position.copy(this.site); this.near.add(mark);
  }

  // A label at the edge of the close view, off the ship, with a leader line to the arrow it names; placed again when the view turns.
  beside(text, at) {
    const leader = new Line(new BufferGeometry().setFromPoints([at, at]), new LineBasicMaterial({ color: "#e8edf2", depthTest: false }));
    leader.frustumCulled = false; leader.renderOrder = 8; this.near.add(text, leader);
    (this.labels ??= []).push({ text, at, leader });
  }

  placeLabels() {
    if (!this.near.visible || !this.labels) return;
    this.camera.updateMatrixWorld();
    const seen = this.labels.map((one) => ({ ...one, on: one.at.clone().project(this.camera) }));
    for (const left of [true, false]) {  // two columns, each in the order of height, so that no leaders cross
      const column = seen.filter((one) => (one.on.x < 0) === left).sort((a, b) => b.on.y - a.on.y);
      let y = 1;
      column.forEach((one) => {
        const half = one.text.scale.x / (2 * Math.tan((this.camera.fov * Math.PI) / 360)) / this.camera.aspect;  // half the label's width, in screen units
        const x = left ? -0.97 + half : 0.97 - half;
        y = Math.min(y - 0.14, Math.max(one.on.y, -0.8));
        one.text.position.set(x, y, one.on.z).unproject(this.camera);
        const end = new Vector3(left ? x + half : x - half, y, one.on.z).unproject(this.camera);
        one.leader.geometry.setFromPoints([one.at, end]);
      });
    }
  }

  paint(stream) {
    const shade = this.shade[stream], colours = this.mesh.geometry.attributes.color;
    for (let i = 0; i < this.part.length; i++) {
      const c = shade ? rateColour(shade[i]) : NEVER;
      for (let k = 0; k < 3; k++) colours.setXYZ(3 * i + k, c.r, c.g, c.b);
    }
    colours.needsUpdate = true; this.stream = stream;
    const s = this.data.streams[stream], top = this.box.querySelector(".top"), low = this.box.querySelector(".low");
    if (s && top) { top.textContent = `${s.top.toPrecision(2)} per m² and year`; low.textContent = (s.top / 10 ** this.data.decades).toPrecision(2); }
    this.draw();
  }

  look(name) {
    const views = { site: [-0.75, 0.85, 0.1], stack: [-0.55, 0.75, -0.45], ram: [1, 0.02, -0.05], starboard: [0.02, 1, -0.05], nadir: [0.05, 0.1, 1], aft: [-1, 0.02, -0.05], port: [0.02, -1, -0.05] };
    const close = name === "site", target = close ? this.site : this.middle, away = close ? 36 : this.reach * 4.6;
    this.near.visible = close; this.far.visible = !close;
    this.controls.target.copy(target);
    this.camera.position.copy(target).addScaledVector(new Vector3(...views[name]).normalize(), away);
    this.controls.update(); this.draw();
    for (const b of this.box.querySelectorAll("[data-view]")) b.setAttribute("aria-pressed", String(b.dataset.view === name));
  }

  rateAt(facet) {
    const s = this.data.streams[this.stream], level = this.shade[this.stream]?.[facet];
    if (!s || level === undefined) return "";
    if (level === 0) return ": never struck";
    const rate = s.top * 10 ** (this.data.decades * ((level - 1) / 254 - 1));
    return `: ${rate.toPrecision(2)} per m² and year${level === 1 ? " or less" : ""} (${s.name})`;
  }

  listen() {
    const views = ["site", "stack", "ram", "starboard", "nadir", "aft"], canvas = this.renderer.domElement, say = this.box.querySelector("output");
    for (const b of this.box.querySelectorAll("[data-view]")) b.addEventListener("click", () => this.look(b.dataset.view));
    this.box.querySelector("select")?.addEventListener("change", (e) => this.paint(Number(e.target.value)));
    canvas.addEventListener("keydown", (e) => this.key(e, views));
    canvas.addEventListener("pointermove", (e) => {
      const r = canvas.getBoundingClientRect(), caster = new Raycaster();
      caster.setFromCamera(new Vector2(((e.clientX - r.left) / r.width) * 2 - 1, 1 - ((e.clientY - r.top) / r.height) * 2), this.camera);
      const hit = e.buttons ? null : caster.intersectObject(this.mesh)[0];
      if (hit) say.textContent = this.data.parts[this.part[hit.faceIndex]] + this.rateAt(hit.faceIndex);
    });
    new ResizeObserver(() => this.draw()).observe(this.box.querySelector(".stage"));
  }

  key(e, views) {
    const step = 0.12, offset = this.camera.position.clone().sub(this.controls.target), up = new Vector3(0, 0, -1);
    const side = new Vector3().crossVectors(up, offset).normalize();
    const turn = { ArrowLeft: [up, -step], ArrowRight: [up, step], ArrowUp: [side, -step], ArrowDown: [side, step] }[e.key];
    if (views[Number(e.key) - 1]) this.look(views[Number(e.key) - 1]);
    else if (turn) offset.applyAxisAngle(...turn);
    else if (e.key === "+" || e.key === "=") offset.multiplyScalar(0.85);
    else if (e.key === "-") offset.multiplyScalar(1.18);
    else return;
    e.preventDefault();
    if (!views[Number(e.key) - 1] && Math.abs(offset.clone().normalize().z) < 0.995) this.camera.position.copy(this.controls.target).add(offset);
    this.controls.update(); this.draw();
  }

  draw() {
    if (this.waiting || !this.mesh) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      const stage = this.box.querySelector(".stage"), w = stage.clientWidth, h = stage.clientHeight;
      if (!w || !h) return;
      const size = this.renderer.getSize(new Vector2());
      if (size.x !== w || size.y !== h) { this.renderer.setSize(w, h); this.camera.aspect = w / h; this.camera.updateProjectionMatrix(); }
      this.lamp.position.copy(this.camera.position).add(new Vector3(0, 0, -this.reach));
      this.lamp.target.position.copy(this.controls.target); this.lamp.target.updateMatrixWorld();
      this.placeLabels();
      this.renderer.render(this.scene, this.camera);
    });
  }
}

async function start() {
  const box = document.getElementById("stack-view"), source = document.getElementById("stack-data");
  if (!box || !source) return;
  try {
    const view = new StackView(box, JSON.parse(source.textContent));
    box.hidden = false;
    await view.load();
    document.documentElement.classList.add("has-3d");
  } catch (error) {
    box.hidden = true;  // the drawing and the table below stay
    console.warn("3-D view left out:", error.message);
  }
}
start();
