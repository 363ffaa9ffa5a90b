// Stands in for a bait: pages load a file of such a name to see whether it is blocked.
window.canRunAds = true;
window.isAdBlockActive = false;
