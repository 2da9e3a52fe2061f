import io
import logging
from typing import Optional
import torch
from PIL import Image
from torch import nn
from torchvision import transforms

log = logging.getLogger("waste-sorter")


class Net(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(4),
            nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(4),
        )
        self.classifier = nn.Linear(64 * 4 * 4, n)

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


class SorterService:
    BINS = ("paper", "glass", "plastic", "organic")
    MIN_CONFIDENCE = 0.7

    def __init__(self, state: Optional[dict] = None):
        self.net = Net(len(self.BINS))
        if state:
            self.net.load_state_dict(state)
        self.net.eval()
        self.tf = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()])

    @torch.no_grad()
    def handle(self, payload: bytes) -> dict:
        image = Image.open(io.BytesIO(payload)).convert("RGB")
        scores = self.net(self.tf(image)[None])[0]
        confidence, k = scores.max(dim=0)
        if confidence < self.MIN_CONFIDENCE:
            log.info("unsure (%.2f), sending to manual belt", confidence.item())
            return {"bin": "manual", "confidence": confidence.item()}
        return {"bin": self.BINS[k], "confidence": confidence.item()}


service = SorterService()
print(service.handle(JPEG))
