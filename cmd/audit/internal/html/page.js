"use strict";
(function () {
  var root = document.documentElement;
  root.classList.remove("static");

  // Theme: what the system says until the button is pressed.
  var theme = document.getElementById("theme");
  var system = window.matchMedia("(prefers-color-scheme: dark)");
  function dark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  }
  function showTheme() { theme.setAttribute("aria-pressed", String(dark())); }
  theme.addEventListener("click", function () {
    root.dataset.theme = dark() ? "light" : "dark";
    showTheme();
  });
  system.addEventListener("change", showTheme);
  showTheme();

  document.getElementById("print").addEventListener("click", function () { window.print(); });

  // The report as it was embedded.
  var report = document.getElementById("report").textContent;
  document.getElementById("download").addEventListener("click", function () {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([report], { type: "application/json" }));
    link.download = "bee-report.json";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  });
  var box = document.getElementById("rawbox");
  box.addEventListener("toggle", function () {
    var pre = box.querySelector("pre");
    if (box.open && !pre.textContent) pre.textContent = report;
  });

  // Sorting: by the key of a cell, else by its text, numbers within it by
  // their value. Cells with nothing in them stay last.
  var collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  function key(row, column) {
    var cell = row.cells[column];
    return cell.dataset.k === undefined ? cell.textContent : cell.dataset.k;
  }
  function compare(a, b, number) {
    if (number) {
      var x = parseFloat(a), y = parseFloat(b);
      if (!isNaN(x) && !isNaN(y)) return x - y;
    }
    return collator.compare(a, b);
  }
  function sort(table, head) {
    var up = head.getAttribute("aria-sort") !== "ascending";
    var number = head.classList.contains("n");
    var body = table.tBodies[0];
    var rows = Array.from(body.rows).map(function (row) {
      return { row: row, key: key(row, head.cellIndex) };
    });
    rows.sort(function (a, b) {
      if (a.key === "" || b.key === "") return (a.key === "") - (b.key === "");
      return up ? compare(a.key, b.key, number) : compare(b.key, a.key, number);
    });
    rows.forEach(function (entry) { body.appendChild(entry.row); });
    table.querySelectorAll("th").forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
  }

  document.querySelectorAll("table:not(.plain)").forEach(function (table) {
    table.querySelectorAll("th").forEach(function (head) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.title = "Sort by " + head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", function () { sort(table, head); });
    });
  });

  // Searching: every word must be in the row.
  function filter(section, words) {
    var shown = 0, rows = section.querySelectorAll("tbody tr");
    rows.forEach(function (row) {
      var text = row.textContent.toLowerCase();
      var hit = words.every(function (word) { return text.includes(word); });
      row.classList.toggle("filtered", !hit);
      if (hit) shown++;
    });
    section.querySelector(".hits").textContent = words.length ? shown + " of " + rows.length : "";
  }
  document.querySelectorAll("input[type=search]").forEach(function (input) {
    var section = input.closest("section");
    input.addEventListener("input", function () {
      filter(section, input.value.toLowerCase().split(/\s+/).filter(Boolean));
    });
  });

  // All boxes at once, to search within the page or to print them.
  var openAll = document.getElementById("openall");
  if (openAll) openAll.addEventListener("click", function () {
    var open = openAll.getAttribute("aria-pressed") !== "true";
    document.querySelectorAll("#details details").forEach(function (box) { box.open = open; });
    openAll.setAttribute("aria-pressed", String(open));
  });

  // A link to a box opens it; one to a row that the search hides shows it
  // again.
  function arrive() {
    var target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.tagName === "DETAILS") {
      target.open = true;
      target.querySelector("summary").focus({ preventScroll: true });
      target.scrollIntoView();
      return;
    }
    if (target.classList.contains("filtered")) {
      var section = target.closest("section");
      section.querySelector("input").value = "";
      filter(section, []);
      target.scrollIntoView();
    }
    target.focus({ preventScroll: true });
  }
  window.addEventListener("hashchange", arrive);
  arrive();
})();
