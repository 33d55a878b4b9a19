// Follows a replay that is under way; without this, the page is read again by its link.
'use strict';

const box = document.getElementById('progress');
if (box) {
  const text = box.querySelector('.text');
  const bar = box.querySelector('progress');
  const began = box.dataset.state;

  const look = async () => {
    try {
      const answer = await fetch(box.dataset.from, { headers: { Accept: 'application/json' } });
      if (!answer.ok) {
        return;
      }
      const now = await answer.json();
      if (now.state !== began && now.state !== 'running') {
        location.reload();
        return;
      }
      text.textContent = now.text;
      if (now.total > 0) {
        bar.max = now.total;
        bar.value = now.done;
      } else {
        bar.removeAttribute('value');
      }
    } catch {
      // The server may be restarting: the next look tells.
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);
}
