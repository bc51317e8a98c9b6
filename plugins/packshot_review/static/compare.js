const form = document.querySelector(".compare-with");
form?.querySelector("select")?.addEventListener("change", () => form.requestSubmit());
