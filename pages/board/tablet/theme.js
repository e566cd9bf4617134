// One tap switches every page of this tablet between the light and the dark room.

export function dark() {
  return document.documentElement.dataset.theme === "dark"; // dress.js has set it
}

export function wear(name) {
  document.documentElement.dataset.theme = name;
  try {
    localStorage.setItem("is:theme", name);
  } catch {} // a full storage: until the next page
}

export default function ({ parentElement }) {
  const button = parentElement.querySelector(".theme");
  button.textContent = dark() ? "Light screen" : "Dark room";
  button.onclick = () => {
    wear(dark() ? "light" : "dark");
    location.reload(); // Streamlit has no call for its own half of the theme
  };
}
