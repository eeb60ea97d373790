"use strict";

// The page keeps nothing but the customer's name and the name of a checkout that is under way; the rest is the shop's.

const byID = (id) => document.getElementById(id);
const money = (cents) => `€${(cents / 100).toFixed(2)}`;
const customerField = byID("customer");
const stockLabels = new Map();
let customer = "";
let cart = null;
let busy = false;

class ShopError extends Error {
  constructor(status, body) {
    super(body?.error?.message ?? `The shop answered ${status}.`);
    this.status = status;
  }
}

async function ask(method, path, body, headers = {}) {
  const options = { method, headers: { ...headers } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ShopError(0, { error: { message: "The shop cannot be reached. Your cart is safe; try again in a moment." } });
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new ShopError(response.status, answer);
  return answer;
}

const ofCustomer = (path) => `/api/customers/${encodeURIComponent(customer)}/${path}`;

function say(text, kind = "") {
  const notice = byID("notice");
  notice.textContent = text;
  notice.dataset.kind = kind;
}

// Runs one change at a time and says what went wrong with it.
async function change(work, done) {
  if (busy) return;
  busy = true;
  try {
    await work();
    if (done) say(done, "good");
  } catch (error) {
    say(error.message, "bad");
    await loadCart().catch(() => {});
  } finally {
    busy = false;
  }
}

// The drawing of a name, which is part of the page: fonts with pictures in them are not everywhere.
function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("class", "icon");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#icon-${byID(`icon-${name}`) ? name : "crate"}`);
  drawing.append(use);
  return drawing;
}

function showProducts(products) {
  const list = byID("products");
  list.replaceChildren();
  stockLabels.clear();
  for (const product of products) {
    const item = byID("product-template").content.cloneNode(true);
    const root = item.querySelector(".product");
    root.dataset.product = product.id;
    root.querySelector(".picture").append(icon(product.picture));
    root.querySelector("h3").textContent = product.name;
    root.querySelector(".summary").textContent = product.summary;
    root.querySelector(".price").textContent = money(product.price);
    const add = root.querySelector(".add");
    add.setAttribute("aria-label", `Add ${product.name} to the cart`);
    add.addEventListener("click", () =>
      change(async () => showCart(await ask("POST", ofCustomer("cart/items"), { product: product.id, quantity: 1 })),
        `${product.name} is in the cart.`));
    stockLabels.set(product.id, { label: root.querySelector(".stock"), add });
    list.append(item);
    showStock(product.id, product.available, false);
  }
}

function showStock(product, available, isChange) {
  const known = stockLabels.get(product);
  if (!known) return;
  const text = available === 0 ? "Sold out" : available <= 5 ? `Only ${available} left` : `${available} in stock`;
  if (known.label.textContent === text) return;
  known.label.textContent = text;
  known.label.dataset.level = available === 0 ? "none" : available <= 5 ? "low" : "good";
  known.label.dataset.available = available;
  known.add.disabled = available === 0;
  if (isChange) {
    known.label.classList.remove("changed");
    void known.label.offsetWidth;
    known.label.classList.add("changed");
  }
}

function showCart(next) {
  cart = next;
  const focused = document.activeElement?.dataset?.focus;
  const list = byID("lines");
  list.replaceChildren();
  const isLocked = cart.pending != null;
  for (const line of cart.lines) {
    const item = byID("line-template").content.cloneNode(true);
    const root = item.querySelector(".line");
    root.dataset.product = line.product;
    root.querySelector(".picture").append(icon(line.picture));
    root.querySelector(".name").textContent = line.name;
    root.querySelector(".quantity").textContent = line.quantity;
    root.querySelector(".sum").textContent = money(line.price * line.quantity);
    const set = (quantity) =>
      change(async () => showCart(await ask("PUT", ofCustomer(`cart/items/${line.product}`), { quantity })));
    const button = (name, label, action) => {
      const element = root.querySelector(name);
      element.setAttribute("aria-label", label);
      element.dataset.focus = `${name} ${line.product}`;
      element.disabled = isLocked;
      element.addEventListener("click", action);
    };
    button(".less", `One ${line.name} less`, () => set(line.quantity - 1));
    button(".more", `One ${line.name} more`, () => set(line.quantity + 1));
    button(".remove", `Take ${line.name} out of the cart`, () =>
      change(async () => showCart(await ask("DELETE", ofCustomer(`cart/items/${line.product}`))),
        `${line.name} is out of the cart.`));
    list.append(item);
  }
  byID("cart-count").textContent = cart.lines.reduce((sum, line) => sum + line.quantity, 0);
  byID("cart-empty").hidden = cart.lines.length > 0;
  byID("cart-total").textContent = money(cart.total);
  byID("cart-pending").hidden = !isLocked;
  byID("cart-pending").textContent = isLocked ? `Order ${cart.pending} is being settled…` : "";
  byID("checkout-button").disabled = cart.lines.length === 0 || isLocked;
  if (focused) document.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

function showOrders(orders) {
  const list = byID("orders");
  list.replaceChildren();
  for (const order of orders) {
    const item = document.createElement("li");
    item.dataset.order = order.number;
    const head = document.createElement("div");
    head.className = "head";
    const name = document.createElement("span");
    name.textContent = `Order ${order.number}`;
    const total = document.createElement("span");
    total.textContent = money(order.total);
    head.append(name, total);
    const what = document.createElement("div");
    what.className = "what";
    what.textContent = order.lines.map((line) => `${line.quantity} × ${line.name}`).join(", ");
    item.append(head, what);
    list.append(item);
  }
  byID("orders-empty").hidden = orders.length > 0;
}

const loadCart = async () => showCart(await ask("GET", ofCustomer("cart")));
const loadOrders = async () => showOrders(await ask("GET", ofCustomer("orders")));

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Waits until an order is settled, also one that was begun before the page was loaded.
async function settle(number) {
  for (;;) {
    const order = await ask("GET", ofCustomer(`orders/${number}`));
    if (order.status === "completed") return order;
    if (order.status === "failed") throw new ShopError(409, { error: order.problem });
    await wait(500);
    await loadCart();
  }
}

const requestName = () => `checkout:${customer}`;

// The name of a checkout is kept until its outcome is known: asked again with the same name, the shop charges only once.
async function checkOut() {
  const key = localStorage.getItem(requestName()) ?? crypto.getRandomValues(new Uint32Array(4)).join("-");
  localStorage.setItem(requestName(), key);
  say("The order is on its way…");
  byID("checkout-button").disabled = true;
  try {
    let order = await ask("POST", ofCustomer("checkout"), { card: byID("card").value }, { "Idempotency-Key": key });
    if (order.status === "open") order = await settle(order.number);
    localStorage.removeItem(requestName());
    say(`Thank you! Order ${order.number} is paid: ${money(order.total)}.`, "good");
  } catch (error) {
    if (error.status >= 400 && error.status < 500) localStorage.removeItem(requestName());
    throw error;
  } finally {
    await Promise.all([loadCart(), loadOrders()]).catch(() => {});
  }
}

async function enter() {
  customerField.value = customer;
  localStorage.setItem("customer", customer);
  await Promise.all([loadCart(), loadOrders()]);
  if (cart.pending != null) {
    try {
      const order = await settle(cart.pending);
      say(`Order ${order.number} is paid: ${money(order.total)}.`, "good");
    } finally {
      localStorage.removeItem(requestName());
      await Promise.all([loadCart(), loadOrders()]);
    }
  }
}

function watchStock() {
  const events = new EventSource("/api/stock/events");
  const show = (state, text) => {
    byID("live").dataset.state = state;
    byID("live-text").textContent = text;
  };
  events.addEventListener("open", () => show("on", "Live stock"));
  events.addEventListener("error", () => {
    show("off", "Reconnecting");
    // A browser gives up for good on an answer that is no event stream, such as one that asks to come again.
    if (events.readyState === EventSource.CLOSED) setTimeout(watchStock, 2000);
  });
  events.addEventListener("stock", (event) => {
    const level = JSON.parse(event.data);
    showStock(level.product, level.available, true);
  });
}

byID("who").addEventListener("submit", (event) => event.preventDefault());
customerField.addEventListener("change", () => {
  if (!customerField.reportValidity()) return;
  customer = customerField.value;
  say("");
  enter().catch((error) => say(error.message, "bad"));
});
byID("checkout").addEventListener("submit", (event) => {
  event.preventDefault();
  change(checkOut);
});

async function start() {
  customer = new URLSearchParams(location.search).get("customer") ?? localStorage.getItem("customer")
    ?? `guest-${Math.random().toString(36).slice(2, 8)}`;
  showProducts(await ask("GET", "/api/products"));
  watchStock();
  await enter();
  document.documentElement.dataset.ready = "yes";
}

start().catch((error) => say(error.message, "bad"));
