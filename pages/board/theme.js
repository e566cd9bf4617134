// One tap switches every page of this tablet between the light and the dark room.

const dark = () => {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

export default function ({ parentElement }) {
  const button = parentElement.querySelector(".theme");
  button.textContent = dark() ? "Light screen" : "Dark room";
  button.onclick = () => {
    localStorage.setItem("is:theme", dark() ? "light" : "dark");
    location.reload(); // Streamlit has no call for its own half of the theme
  };
}
