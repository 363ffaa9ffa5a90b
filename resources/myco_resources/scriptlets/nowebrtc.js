// nowebrtc: connections between browsers are never made.
(kit) => {
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) {
    const native = kit.page[name];
    if (typeof native !== "function") continue;
    const idle = class {
      close() {}
      createDataChannel() { return {}; }
      createOffer() { return Promise.resolve({}); }
      createAnswer() { return Promise.resolve({}); }
      setLocalDescription() { return Promise.resolve(); }
      setRemoteDescription() { return Promise.resolve(); }
      addIceCandidate() { return Promise.resolve(); }
      addEventListener() {}
      removeEventListener() {}
      toString() { return "[object RTCPeerConnection]"; }
    };
    kit.page[name] = new Proxy(native, { construct: () => new idle(), apply: () => undefined });
  }
}
